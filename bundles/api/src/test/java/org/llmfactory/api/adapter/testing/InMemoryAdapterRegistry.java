package org.llmfactory.api.adapter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.ModelInfo;

/**
 * Adapters in a map. Takes any two files as an adapter of rank 8 on {@code q_proj}: what is in them is not looked at,
 * but for an empty file, which is refused as invalid.
 */
public final class InMemoryAdapterRegistry implements AdapterRegistry {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Map<String, ModelInfo> baseModels = new LinkedHashMap<>();
    private final Map<String, AdapterInfo> adapters = new LinkedHashMap<>();
    private final Map<String, Path> folders = new LinkedHashMap<>();

    /** A registry that knows these base models. */
    public InMemoryAdapterRegistry(ModelInfo... baseModels) {
        for (ModelInfo model : baseModels) {
            this.baseModels.put(model.id(), model);
        }
    }

    /** Adds an adapter that has no files. */
    public synchronized AdapterInfo add(String name, ModelInfo base) {
        return add(new Label(name, Caller.DEFAULT_PROJECT, "admin", Visibility.PROJECT), base);
    }

    /** Adds an adapter that has no files. */
    public synchronized AdapterInfo add(Label label, ModelInfo base) {
        return put(label, base, digest(label.name().getBytes(UTF_8)), 0);
    }

    @Override
    public synchronized AdapterInfo register(Label label, String baseModel, Path configuration, Path weights) {
        if (!NAME.matcher(label.name()).matches()) {
            throw FactoryException.ofParameter(ErrorCode.INVALID_VALUE, "name", "This is not an adapter name.");
        }
        ModelInfo base = Optional.ofNullable(baseModels.get(baseModel))
                .orElseThrow(() ->
                        new FactoryException(ErrorCode.MODEL_NOT_FOUND, "There is no base model '" + baseModel + "'."));
        try {
            byte[] first = Files.readAllBytes(configuration);
            byte[] second = Files.readAllBytes(weights);
            if (first.length == 0 || second.length == 0) {
                throw new FactoryException(ErrorCode.INVALID_FILE, "An adapter file is empty.");
            }
            String digest = digest(first, second);
            if (!folders.containsKey(digest)) {
                Path folder = Files.createTempDirectory("adapter");
                Path copiedConfiguration = Files.write(folder.resolve("adapter_config.json"), first);
                Path copiedWeights = Files.write(folder.resolve("adapter_model.safetensors"), second);
                // Deleted in the reverse of this order.
                List.of(folder, copiedConfiguration, copiedWeights)
                        .forEach(path -> path.toFile().deleteOnExit());
                folders.put(digest, folder);
            }
            return put(label, base, digest, second.length);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private AdapterInfo put(Label label, ModelInfo base, String digest, long bytes) {
        Optional<AdapterInfo> known = adapters.values().stream()
                .filter(adapter -> adapter.name().equals(label.name())
                        && adapter.project().equals(label.project())
                        && adapter.owner().equals(label.owner()))
                .findFirst();
        if (known.isPresent() && known.get().digest().equals(digest)) {
            return known.get();
        }
        known.ifPresent(old -> adapters.remove(old.id()));
        AdapterInfo made = new AdapterInfo(
                UUID.randomUUID().toString(),
                label.name(),
                label.project(),
                label.owner(),
                label.visibility(),
                digest,
                base.id(),
                base.digest(),
                8,
                Set.of("q_proj"),
                bytes,
                Instant.now());
        AdapterInfo adapter = known.map(made::replacing).orElse(made);
        adapters.put(adapter.id(), adapter);
        return adapter;
    }

    @Override
    public synchronized List<AdapterInfo> find(String reference) {
        return list().stream()
                .filter(adapter -> adapter.id().equals(reference)
                        || adapter.name().equals(reference)
                        || adapter.digest().equals(reference)
                        || reference.equals(adapter.baseModel() + ":" + adapter.name()))
                .toList();
    }

    @Override
    public synchronized Optional<AdapterInfo> show(String id, Visibility visibility) {
        return Optional.ofNullable(adapters.computeIfPresent(id, (any, adapter) -> adapter.with(visibility)));
    }

    @Override
    public synchronized List<AdapterInfo> list() {
        List<AdapterInfo> all = new ArrayList<>(adapters.values());
        all.sort(Comparator.comparing(AdapterInfo::created));
        return all;
    }

    @Override
    public synchronized boolean remove(String id) {
        return adapters.remove(id) != null;
    }

    @Override
    public synchronized Path fetch(String digest) {
        return Optional.ofNullable(folders.get(digest))
                .orElseThrow(
                        () -> new FactoryException(ErrorCode.MODEL_NOT_FOUND, "No adapter has the digest " + digest));
    }

    private static String digest(byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
