package org.llmfactory.models.decoder;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Digests;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the SHA-256 of a model's large files beside them, so that a start does not read gigabytes. An entry counts
 * while size and time of change of its file are the same. Only for files the operator put there: who can write the
 * sidecar could as well write the weights.
 */
final class DigestSidecar {
    private static final Logger LOG = LoggerFactory.getLogger(DigestSidecar.class);
    private static final int LARGEST_FILE = 1 << 20;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path sidecar;

    DigestSidecar(Path sidecar) {
        this.sidecar = sidecar;
    }

    /** The SHA-256 of each file by its name. */
    SortedMap<String, String> digests(List<Path> files) {
        Optional<JsonFields> known = read();
        ObjectNode current = MAPPER.createObjectNode();
        SortedMap<String, String> digests = new TreeMap<>();
        boolean changed = false;
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            String stamp = stamp(file);
            String digest =
                    known.flatMap(fields -> remembered(fields, name, stamp)).orElse(null);
            if (digest == null) {
                digest = Digests.ofFile(file);
                changed = true;
            }
            digests.put(name, digest);
            current.putObject(name).put("stamp", stamp).put("sha256", digest);
        }
        if (changed) {
            write(current);
        }
        return digests;
    }

    private static Optional<String> remembered(JsonFields known, String name, String stamp) {
        return known.object(name)
                .filter(entry -> entry.text("stamp").filter(stamp::equals).isPresent())
                .flatMap(entry -> entry.text("sha256"))
                .filter(digest -> digest.matches("[0-9a-f]{64}"));
    }

    private Optional<JsonFields> read() {
        if (!Files.isRegularFile(sidecar)) {
            return Optional.empty();
        }
        try {
            return Optional.of(BoundedJson.read(sidecar, LARGEST_FILE));
        } catch (FactoryException e) {
            LOG.warn("Ignoring the digests in {}: {}", sidecar, e.getMessage());
            return Optional.empty();
        }
    }

    private void write(ObjectNode digests) {
        Path folder = sidecar.toAbsolutePath().getParent();
        try {
            Path draft = Files.createTempFile(folder, ".digests", ".tmp");
            Files.write(draft, MAPPER.writeValueAsBytes(digests));
            Files.move(draft, sidecar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.info("The digests of {} are not remembered and will be computed again: {}", folder, e.toString());
        }
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + "@" + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            throw Faults.invalid(String.valueOf(file.getFileName()), "the file cannot be read", e);
        }
    }
}
