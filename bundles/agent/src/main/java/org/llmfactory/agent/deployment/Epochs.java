package org.llmfactory.agent.deployment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.agent.home.WholeFile;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/** The newest epoch of each group of controllers that has commanded this agent, in a file. Used by one thread at a time. */
final class Epochs {
    private final Path file;

    Epochs(Path file) {
        this.file = file;
    }

    /**
     * Notes an epoch before anything is done in its name.
     *
     * @throws FactoryException {@code CONFLICT} when a later one has been seen
     */
    void enter(String deployer, long epoch) {
        try {
            Map<String, Long> seen = read();
            long newest = seen.getOrDefault(deployer, Long.MIN_VALUE);
            if (epoch < newest) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "This agent follows the leader of epoch " + newest + "; an order of epoch " + epoch
                                + " comes too late.");
            }
            if (epoch > newest) {
                seen.put(deployer, epoch);
                WholeFile.replace(file, Json.write(seen));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Long> read() throws IOException {
        try {
            return Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<TreeMap<String, Long>>() {});
        } catch (NoSuchFileException none) {
            return new TreeMap<>();
        }
    }
}
