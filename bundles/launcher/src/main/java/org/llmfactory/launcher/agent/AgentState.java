package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.llmfactory.launcher.terminal.Terminal;

/**
 * What is noted of an agent's process in its home.
 *
 * @param pid process id
 * @param started when the process began, milliseconds since 1970, so that another process with the same id is not
 *     mistaken for it
 * @param port its HTTP port
 * @param feature what it consists of
 */
public record AgentState(long pid, long started, int port, String feature) {
    private static final String FILE = "agent.json";

    /** The note in a home; empty when there is none, or when it was cut off in the middle. */
    public static Optional<AgentState> read(Path home) {
        try {
            return Optional.of(Terminal.JSON.readValue(Files.readAllBytes(home.resolve(FILE)), AgentState.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path home) throws IOException {
        Path draft = Files.writeString(home.resolve(FILE + ".new"), Terminal.write(this));
        Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void remove(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(FILE));
    }

    /** The process, when it still runs. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(start -> start.toEpochMilli() == started)
                .orElse(false);
    }

    /** Where it answers. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }
}
