package org.llmfactory.deployer.repository;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.storage.ObjectStore;

/** The repository's jars as files, brought from the object store when they are asked for. */
final class JarCache {
    private final ObjectStore objects;
    private final Path folder;

    JarCache(ObjectStore objects, Home home) {
        this.objects = objects;
        this.folder = home.cache().resolve("published-plugins");
    }

    static String key(String digest) {
        return "plugins/" + digest + ".jar";
    }

    void store(String digest, Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            objects.put(key(digest), in);
        }
    }

    /** The jar as a file that nobody changes; empty when the object store has none. */
    synchronized Optional<Path> file(String digest) throws IOException {
        Path file = folder.resolve(digest + ".jar");
        if (Files.exists(file)) {
            return Optional.of(file);
        }
        Optional<InputStream> content = objects.open(key(digest), 0);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, digest, ".part");
        try (InputStream in = content.get()) {
            Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        return Optional.of(file);
    }

    synchronized void remove(String digest) {
        try {
            objects.delete(key(digest));
            Files.deleteIfExists(folder.resolve(digest + ".jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
