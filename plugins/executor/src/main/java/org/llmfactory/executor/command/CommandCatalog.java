package org.llmfactory.executor.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of this agent: those of its configuration and those in the files of a folder, read anew each time, so that
 * what the operator takes away is gone at once. Of two with one name neither may be run.
 */
public final class CommandCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(CommandCatalog.class);

    private final List<String> configured;
    private final Path folder;
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();

    /**
     * A catalogue.
     *
     * @param configured commands as JSON
     * @param folder with a command in each file that ends with {@code .json}; need not be there
     */
    public CommandCatalog(List<String> configured, Path folder) {
        this.configured = List.copyOf(configured);
        this.folder = folder;
    }

    /** All commands, by name. One that cannot be read is not among them; the log says why. */
    public List<Command> all() {
        Map<String, Command> commands = new TreeMap<>();
        Set<String> twice = ConcurrentHashMap.newKeySet();
        Stream.concat(configured.stream().flatMap(json -> read("the configuration", json)), files())
                .forEach(command -> {
                    if (commands.putIfAbsent(command.name(), command) != null) {
                        twice.add(command.name());
                    }
                });
        for (String name : twice) {
            commands.remove(name);
            complain("The command " + name + " is there twice, so neither is run.");
        }
        return List.copyOf(commands.values());
    }

    /**
     * One of them.
     *
     * @throws FactoryException {@code NOT_FOUND} when this agent runs no such command
     */
    public Command find(String name) {
        return all().stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND,
                        "This agent runs no command of that name. Its operator allows commands in the folder 'executor' of"
                                + " the agent's home."));
    }

    private Stream<Command> files() {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries
                    .filter(entry -> entry.toString().endsWith(".json") && Files.isRegularFile(entry))
                    .sorted()
                    .toList()
                    .stream()
                    .flatMap(this::read);
        } catch (IOException failure) {
            complain("The commands in " + folder + " cannot be read: " + failure);
            return Stream.empty();
        }
    }

    private Stream<Command> read(Path file) {
        try {
            return read(file.toString(), Files.readString(file));
        } catch (IOException failure) {
            complain("The command in " + file + " cannot be read: " + failure);
            return Stream.empty();
        }
    }

    private Stream<Command> read(String where, String json) {
        try {
            return Stream.of(CommandReader.read(json));
        } catch (IllegalArgumentException wrong) {
            complain("A command in " + where + " is not run: " + wrong.getMessage());
            return Stream.empty();
        }
    }

    /** Once for each complaint: the catalogue is read often. */
    private void complain(String complaint) {
        if (complaints.size() < 1_000 && complaints.add(complaint)) {
            LOG.warn(complaint);
        }
    }
}
