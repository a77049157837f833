package org.llmfactory.agent.network;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.llmfactory.agent.home.WholeFile;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentLabels;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The labels, in {@code labels.json} of the home: they outlive a membership. Safe for use by several threads. */
@Component(service = {AgentLabels.class, StoredLabels.class})
public final class StoredLabels implements AgentLabels {
    private static final int MOST = 32;
    private static final int LONGEST = 63;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
    private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e]{0," + LONGEST + "}");

    private final Path file;
    private volatile Map<String, String> labels;

    @Activate
    public StoredLabels(@Reference Home home) {
        this.file = home.root().resolve("labels.json");
        this.labels = read(file);
    }

    @Override
    public Map<String, String> labels() {
        return labels;
    }

    /**
     * Puts these in the place of all that were there, durably.
     *
     * @throws FactoryException {@code INVALID_VALUE} for names or texts that are none
     */
    synchronized void set(Map<String, String> next) {
        check(next);
        try {
            WholeFile.replace(file, Json.write(new TreeMap<>(next)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        labels = Map.copyOf(next);
    }

    /** Refuses what {@link #set} would refuse. */
    static void check(Map<String, String> next) {
        if (next.size() > MOST) {
            throw invalid("at most " + MOST + " labels are kept");
        }
        next.forEach((name, text) -> {
            if (!NAME.matcher(name).matches()) {
                throw invalid(
                        "'" + name + "' is no label's name: letters, digits, '.', '_', '/', '-', at most " + LONGEST);
            }
            if (!PLAIN.matcher(text).matches()) {
                throw invalid("the text of '" + name + "' has more than " + LONGEST + " signs, or others than ASCII's");
            }
        });
    }

    private static FactoryException invalid(String reason) {
        return FactoryException.ofParameter(ErrorCode.INVALID_VALUE, "labels", "Invalid 'labels': " + reason + ".");
    }

    private static Map<String, String> read(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return Map.copyOf(
                    Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException("The labels in " + file + " cannot be read; remove the file", e);
        }
    }
}
