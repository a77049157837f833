package org.llmfactory.deployer.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.database.Sha256;
import org.llmfactory.deployer.description.PluginSpec;
import org.llmfactory.rest.Json;

/**
 * A plugin as it is to be on every agent that is chosen for it.
 *
 * @param spec what was described
 * @param version that was published
 * @param digest SHA-256 of the jar
 * @param specification hash of jar and configuration: who has the same needs no change
 */
public record Target(PluginSpec spec, String version, String digest, String specification) {

    public static Target of(PluginSpec spec, String version, String digest) {
        Map<String, Map<String, List<String>>> sorted = new TreeMap<>();
        spec.configuration().forEach((pid, properties) -> sorted.put(pid, new TreeMap<>(properties)));
        return new Target(spec, version, digest, Sha256.hex(digest + new String(Json.write(sorted), UTF_8)));
    }

    /** The plugin's symbolic name. */
    public String plugin() {
        return spec.plugin();
    }
}
