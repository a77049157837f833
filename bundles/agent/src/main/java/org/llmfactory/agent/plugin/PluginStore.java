package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jars of the deployed plugins, one {@code <symbolic name>.jar} each. What lies here is started again at the next
 * boot, since the framework's own storage is only a cache.
 */
final class PluginStore {
    private static final String SUFFIX = ".jar";

    private final Path folder;

    PluginStore(Path folder) {
        this.folder = folder;
    }

    /** Copies a jar in beside the stored one; nothing else sees it until {@link #commit}. */
    Path stage(PluginArchive archive) throws IOException {
        Files.createDirectories(folder);
        Path staged = folder.resolve(archive.symbolicName() + "." + archive.digest() + ".staged");
        return Files.copy(archive.jar(), staged, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a staged jar the stored one of its plugin. */
    void commit(Path staged, String symbolicName) throws IOException {
        Files.move(staged, stored(symbolicName), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void discard(Path staged) throws IOException {
        Files.deleteIfExists(staged);
    }

    void remove(String symbolicName) throws IOException {
        Files.deleteIfExists(stored(symbolicName));
    }

    /** The stored jars, sorted by name; what an interrupted deployment left behind is removed. */
    List<Path> jars() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            for (Path file : all) {
                if (file.toString().endsWith(".staged")) {
                    Files.delete(file);
                }
            }
            return all.stream().filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    private Path stored(String symbolicName) {
        return folder.resolve(symbolicName + SUFFIX);
    }
}
