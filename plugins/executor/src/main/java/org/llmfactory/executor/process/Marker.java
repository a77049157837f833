package org.llmfactory.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A variable in the environment of a process, which everything that the process starts inherits. By it a process is found
 * again whose parent is gone, on systems with {@code /proc}.
 *
 * @param text the variable with its value, or with what its value begins with
 */
record Marker(String text) {
    /** The variable. */
    static final String VARIABLE = "LLMFACTORY_PROCESS";

    private static final Logger LOG = LoggerFactory.getLogger(Marker.class);
    private static final Path PROCESSES = Path.of("/proc");

    /** The marker of one process of an agent. */
    static Marker of(Path home, String id) {
        return new Marker(VARIABLE + "=" + value(home, id) + "\0");
    }

    /** The marker that all processes of an agent have. */
    static Marker ofAll(Path home) {
        return new Marker(VARIABLE + "=" + value(home, ""));
    }

    /** The variable's value; agents with different homes have different ones. */
    static String value(Path home, String id) {
        byte[] name = home.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(name) + "/" + id;
    }

    /** The processes that have it, without this one. */
    List<ProcessHandle> find() {
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(PROCESSES)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path entry : entries) {
                handle(entry).filter(process -> isIn(entry)).ifPresent(found::add);
            }
        } catch (IOException failure) {
            LOG.warn("The processes of this machine cannot be listed", failure);
        }
        return found;
    }

    private static Optional<ProcessHandle> handle(Path entry) {
        try {
            long id = Long.parseLong(entry.getFileName().toString());
            return id == ProcessHandle.current().pid() ? Optional.empty() : ProcessHandle.of(id);
        } catch (NumberFormatException noProcess) {
            return Optional.empty();
        }
    }

    private boolean isIn(Path entry) {
        try {
            String environment = Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + text);
        } catch (IOException othersOrGone) {
            return false;
        }
    }
}
