package org.llmfactory.executor.detached;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The detached processes that are to run, a file each, so that they come back with the agent. */
final class DetachedStore {
    private static final Logger LOG = LoggerFactory.getLogger(DetachedStore.class);
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /**
     * What is to run.
     *
     * @param id of its place
     * @param key by which its caller knows it; may be empty
     * @param command its name
     * @param arguments those that the caller added
     * @param caller who asked for it
     */
    record Kept(String id, String key, String command, List<String> arguments, String caller) {
        Kept {
            arguments = List.copyOf(arguments);
        }
    }

    private final Path folder;

    DetachedStore(Path folder) {
        this.folder = folder;
    }

    List<Kept> all() throws IOException {
        List<Kept> all = new ArrayList<>();
        if (Files.notExists(folder)) {
            return all;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                if (entry.toString().endsWith(".json")) {
                    read(entry, all);
                }
            }
        }
        return all;
    }

    private static void read(Path file, List<Kept> all) {
        try {
            all.add(MAPPER.readValue(file.toFile(), Kept.class));
        } catch (IOException damaged) {
            LOG.warn("{} does not say what to run; remove it", file, damaged);
        }
    }

    void write(Kept kept) throws IOException {
        Files.createDirectories(folder);
        Path next = folder.resolve(kept.id() + ".next");
        MAPPER.writeValue(next.toFile(), kept);
        Files.move(next, file(kept.id()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException failure) {
            LOG.warn("{} will be started again with the agent, since its file cannot be removed", id, failure);
        }
    }

    private Path file(String id) {
        return folder.resolve(id + ".json");
    }
}
