package org.llmfactory.executor.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.executor.command.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts programs with an environment that has nothing of the agent's own but what was allowed. */
final class Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    /** Where to run what was started, and how to find it again. */
    record Started(Process process, Path folder, boolean temporary, Marker marker) {}

    private final Path home;
    private final Path folders;
    private final Map<String, String> own;

    /**
     * A launcher.
     *
     * @param home the agent's
     * @param cache the home's, below which processes run
     * @param own the agent's environment
     */
    Launcher(Path home, Path cache, Map<String, String> own) {
        this.home = home;
        this.folders = cache.resolve("executor");
        this.own = own;
    }

    /** Ends what an agent with this home has left behind that did not end in good order. */
    boolean endOrphans(Duration grace) {
        return ProcessTree.end(Marker.ofAll(home), grace);
    }

    /**
     * Starts a program.
     *
     * @param merged whether the error output goes where the output goes
     * @throws FactoryException {@code CONFLICT} when the system refuses; the log says why
     */
    Started start(Command command, String id, List<String> line, boolean merged) {
        Path folder = folder(command, id);
        try {
            Files.createDirectories(folder);
            if (!folder.toRealPath().startsWith(folders.toRealPath())) {
                throw new IOException(folder + " leads out of " + folders);
            }
            ProcessBuilder builder =
                    new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(merged);
            setEnvironment(builder.environment(), command, id, folder);
            return new Started(builder.start(), folder, command.folder().isEmpty(), Marker.of(home, id));
        } catch (IOException failure) {
            LOG.warn("The command {} could not be started", command.name(), failure);
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The command " + command.name() + " could not be started; the log of its agent says why.",
                    failure);
        }
    }

    /** Whether a program that looks after a command ends with status 0 in time. */
    boolean succeeds(Command command, String id, List<String> line, Duration patience) throws InterruptedException {
        Path folder = folder(command, id);
        Process look;
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            setEnvironment(builder.environment(), command, id, folder);
            look = builder.start();
        } catch (IOException failure) {
            LOG.warn("The health of the command {} cannot be looked at", command.name(), failure);
            return false;
        }
        try {
            return look.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) && look.exitValue() == 0;
        } finally {
            look.descendants().forEach(ProcessHandle::destroyForcibly);
            look.destroyForcibly();
        }
    }

    private Path folder(Command command, String id) {
        return folders.resolve(command.folder().orElse(Path.of("run", id)));
    }

    private void setEnvironment(Map<String, String> environment, Command command, String id, Path folder) {
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", folder.toString());
        environment.put("TMPDIR", folder.toString());
        for (String name : command.environment()) {
            @Nullable String value = own.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putAll(command.variables());
        environment.put(Marker.VARIABLE, Marker.value(home, id));
    }

    /** Removes a folder that was made for one process. */
    static void tidy(Started ended) {
        if (!ended.temporary()) {
            return;
        }
        try {
            delete(ended.folder());
        } catch (IOException failure) {
            LOG.warn("The folder of a process that has ended cannot be removed", failure);
        }
    }

    /** Links are removed, never followed. */
    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    delete(Objects.requireNonNull(entry));
                }
            }
        }
        Files.deleteIfExists(path);
    }
}
