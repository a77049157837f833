package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars of the deployed plugins, one {@code <symbolic name>.jar} each, and beside it the digest that was accepted, as
 * {@code sha256sum} writes it. What lies here is started again at the next boot, since the framework's own storage is only
 * a cache.
 */
final class PluginStore {
    private static final String SUFFIX = ".jar";
    private static final String STAGED = ".staged";
    private static final String ACCEPTED = ".jar.sha256";

    private final Path folder;

    PluginStore(Path folder) {
        this.folder = folder;
    }

    /** Copies a jar in beside the stored ones; nothing else sees it until {@link #commit}, and nobody changes it. */
    Path stage(Path jar) throws IOException {
        Files.createDirectories(folder);
        Path staged = Files.createTempFile(folder, "plugin", STAGED);
        return Files.copy(jar, staged, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a staged jar the stored one of its plugin. Its digest is accepted before it is there: never the reverse. */
    void commit(PluginArchive staged) throws IOException {
        String name = staged.symbolicName();
        Set<String> digests = new TreeSet<>(accepted(name));
        digests.add(staged.digest());
        accept(name, digests);
        Files.move(staged.jar(), stored(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        accept(name, Set.of(staged.digest()));
    }

    void discard(Path staged) throws IOException {
        Files.deleteIfExists(staged);
    }

    void remove(String symbolicName) throws IOException {
        Files.deleteIfExists(stored(symbolicName));
        Files.deleteIfExists(folder.resolve(symbolicName + ACCEPTED));
    }

    /** Whether a stored jar is the one that was accepted under its name. */
    boolean isAccepted(PluginArchive stored) throws IOException {
        return stored.jar().equals(stored(stored.symbolicName()))
                && accepted(stored.symbolicName()).contains(stored.digest());
    }

    /** Accepts a stored jar, that was put here by hand and has been checked. */
    void accept(PluginArchive stored) throws IOException {
        accept(stored.symbolicName(), Set.of(stored.digest()));
    }

    /** The stored jars, sorted by name; what an interrupted deployment left behind is removed. */
    List<Path> jars() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            for (Path file : all) {
                if (file.toString().endsWith(STAGED)) {
                    Files.delete(file);
                }
            }
            return all.stream().filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    private Set<String> accepted(String symbolicName) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(symbolicName + ACCEPTED))) {
            return lines.map(line -> line.split(" ", 2)[0]).collect(Collectors.toSet());
        } catch (NoSuchFileException none) {
            return Set.of();
        }
    }

    private void accept(String symbolicName, Set<String> digests) throws IOException {
        Path draft = Files.createTempFile(folder, symbolicName, STAGED);
        Files.write(
                draft,
                digests.stream()
                        .map(digest -> digest + "  " + symbolicName + SUFFIX)
                        .toList());
        Files.move(
                draft,
                folder.resolve(symbolicName + ACCEPTED),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Path stored(String symbolicName) {
        return folder.resolve(symbolicName + SUFFIX);
    }
}
