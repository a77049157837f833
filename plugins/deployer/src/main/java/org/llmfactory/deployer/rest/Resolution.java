package org.llmfactory.deployer.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.deployer.description.DescriptionReader;
import org.llmfactory.deployer.description.DescriptionReader.Reading;
import org.llmfactory.deployer.description.DescriptionSchema;
import org.llmfactory.deployer.description.PluginSpec;
import org.llmfactory.deployer.repository.PluginRepository;
import org.llmfactory.deployer.repository.PublishedPlugin;
import org.llmfactory.deployer.state.Pin;

/** Reads a description and finds the jars that it means. */
final class Resolution {
    private final PluginRepository repository;
    private final DescriptionReader reader;

    Resolution(PluginRepository repository, DescriptionSchema schema) {
        this.repository = repository;
        this.reader = new DescriptionReader(schema);
    }

    /**
     * A description with its jars.
     *
     * @param pins one for each plugin
     */
    record Resolved(Reading reading, List<Pin> pins) {
        String name() {
            return reading.description().name();
        }
    }

    /**
     * Resolves a description.
     *
     * @throws FactoryException for a description that is not valid, {@code NOT_FOUND} when no published version of a plugin
     *     fits, {@code INVALID_FILE} when its signer is trusted no more
     */
    Resolved resolve(ObjectNode written) {
        Reading reading = reader.read(written);
        List<Pin> pins = new ArrayList<>();
        for (PluginSpec spec : reading.description().plugins()) {
            PublishedPlugin plugin = repository
                    .newest(spec.plugin(), spec.versions())
                    .orElseThrow(() -> FactoryException.ofParameter(
                            ErrorCode.NOT_FOUND,
                            "plugins[" + pins.size() + "]",
                            "No version of " + spec.plugin() + " in " + spec.versions()
                                    + " has been published. Publish one: ./factory plugin publish JAR"));
            repository.verify(plugin);
            pins.add(new Pin(plugin.plugin(), plugin.version(), plugin.digest()));
        }
        return new Resolved(reading, pins);
    }
}
