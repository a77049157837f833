package org.llmfactory.registry.adapter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adapters in the object store: contents by digest, and a small object for each registration. */
@Component
public final class StoredAdapterRegistry implements AdapterRegistry {
    private static final Logger log = LoggerFactory.getLogger(StoredAdapterRegistry.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,64}");

    private final Registrations registrations;
    private final AdapterFiles files;

    /** The models there are at this moment, here or on agents. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Model> models = List.of();

    @Activate
    public StoredAdapterRegistry(@Reference ObjectStore store, @Reference Home home) throws IOException {
        this.registrations = new Registrations(store);
        this.files = new AdapterFiles(store, home.cache().resolve("adapters"));
    }

    StoredAdapterRegistry(ObjectStore store, Home home, List<? extends Model> models) throws IOException {
        this(store, home);
        this.models = List.copyOf(models);
    }

    @Override
    public AdapterInfo register(Label label, String baseModel, Path configuration, Path weights) {
        if (!NAME.matcher(label.name()).matches()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "name",
                    "An adapter's name is 1 to 64 lower-case letters, digits, dots, underscores and hyphens.");
        }
        Model base = base(baseModel, label.project());
        try {
            Path folder = files.receive(configuration, weights);
            try {
                return keep(checked(label, base, folder), folder);
            } finally {
                files.discard(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot store the adapter " + label.name(), e);
        }
    }

    @Override
    public List<AdapterInfo> find(String reference) {
        return registrations.find(reference);
    }

    @Override
    public List<AdapterInfo> list() {
        return registrations.list();
    }

    @Override
    public synchronized Optional<AdapterInfo> show(String id, Visibility visibility) {
        Optional<AdapterInfo> shown = registrations.byId(id).map(info -> info.with(visibility));
        if (shown.isPresent()) {
            put(shown.get());
        }
        return shown;
    }

    @Override
    public synchronized boolean remove(String id) {
        Optional<AdapterInfo> known = registrations.byId(id);
        if (known.isEmpty()) {
            return false;
        }
        AdapterInfo info = known.get();
        try {
            registrations.remove(info);
            if (!registrations.isUsed(info.digest())) {
                files.remove(info.digest());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the adapter " + info.name(), e);
        }
        log.info("Adapter {} ({}) is removed", info.name(), info.id());
        return true;
    }

    @Override
    public Path fetch(String digest) {
        if (!registrations.isUsed(digest)) {
            throw new FactoryException(ErrorCode.MODEL_NOT_FOUND, "The adapter is not registered any more.");
        }
        try {
            return files.fetch(digest);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot fetch the adapter " + digest, e);
        }
    }

    /** A model that lies here before one that only agents serve. */
    private Model base(String id, String project) {
        return models.stream()
                .filter(model -> model.info().id().equals(id))
                .filter(model -> model.tenant().map(project::equals).orElse(true))
                .min(Comparator.comparing(model -> !(model instanceof LocalModel)))
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.MODEL_NOT_FOUND,
                        "base_model",
                        "The base model '" + id + "' is not on this server; pull it first (./factory model pull)."));
    }

    private static AdapterInfo checked(Label label, Model base, Path folder) throws IOException {
        DecoderConfig dimensions = PretrainedDecoder.dimensions(base.description());
        try (LoraAdapter adapter = LoraAdapter.open(folder, dimensions)) {
            return new AdapterInfo(
                    UUID.randomUUID().toString(),
                    label.name(),
                    label.project(),
                    label.owner(),
                    label.visibility(),
                    adapter.digest(),
                    base.info().id(),
                    base.info().digest(),
                    adapter.rank(),
                    adapter.targetModules(),
                    Files.size(folder.resolve(AdapterFiles.WEIGHTS)),
                    Instant.now().truncatedTo(ChronoUnit.MILLIS));
        }
    }

    /** The content first, then the pointer to it: a crash in between leaves a blob that nobody sees. */
    private synchronized AdapterInfo keep(AdapterInfo info, Path folder) throws IOException {
        Optional<AdapterInfo> before =
                registrations.labelled(new Label(info.name(), info.project(), info.owner(), info.visibility()));
        if (before.isPresent() && isSame(before.get(), info)) {
            return before.get();
        }
        files.keep(info.digest(), folder);
        AdapterInfo kept = before.map(info::replacing).orElse(info);
        registrations.put(kept);
        if (before.isPresent() && !registrations.isUsed(before.get().digest())) {
            files.remove(before.get().digest());
        }
        log.info(
                "Adapter {} ({}) for {} is registered, digest {}",
                kept.name(),
                kept.id(),
                kept.baseModel(),
                kept.digest());
        return kept;
    }

    private static boolean isSame(AdapterInfo known, AdapterInfo info) {
        return known.digest().equals(info.digest()) && known.baseDigest().equals(info.baseDigest());
    }

    private void put(AdapterInfo info) {
        try {
            registrations.put(info);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the adapter " + info.name(), e);
        }
    }
}
