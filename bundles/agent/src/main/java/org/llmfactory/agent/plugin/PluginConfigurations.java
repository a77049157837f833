package org.llmfactory.agent.plugin;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llmfactory.agent.home.WholeFile;
import org.llmfactory.api.agent.Home;
import org.llmfactory.rest.Json;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The configuration that plugins were deployed with: properties by PID, in {@code <home>/plugins/<symbolic name>.json} and,
 * while the plugin runs, in the Configuration Admin. What the feature had said under a PID holds again afterwards. Used by
 * one thread at a time.
 */
@Component(service = PluginConfigurations.class)
public final class PluginConfigurations {
    private static final String SUFFIX = ".json";

    private final Path folder;
    private final ConfigurationAdmin admin;
    private final Map<String, Optional<Dictionary<String, Object>>> originals = new HashMap<>();

    @Activate
    public PluginConfigurations(@Reference Home home, @Reference ConfigurationAdmin admin) {
        this.folder = home.root().resolve("plugins");
        this.admin = admin;
    }

    /** What a plugin was deployed with; empty when with nothing. */
    public Map<String, Map<String, List<String>>> stored(String symbolicName) throws IOException {
        try {
            byte[] text = Files.readAllBytes(file(symbolicName));
            return Map.copyOf(Json.MAPPER.readValue(
                    text, new TypeReference<Map<String, Map<String, List<String>>>>() {}));
        } catch (NoSuchFileException none) {
            return Map.of();
        }
    }

    /** Remembers what a plugin was deployed with. */
    void store(String symbolicName, Map<String, Map<String, List<String>>> configuration) throws IOException {
        if (configuration.isEmpty()) {
            Files.deleteIfExists(file(symbolicName));
            return;
        }
        WholeFile.replace(file(symbolicName), Json.write(configuration));
    }

    /** Lets the stored configurations hold again, of plugins that came with the feature: those without a jar here. */
    void restoreAllBut(Set<String> deployed) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
                String name = file.getFileName().toString();
                String symbolicName = name.substring(0, name.length() - SUFFIX.length());
                if (!deployed.contains(symbolicName)) {
                    exchange(Map.of(), stored(symbolicName));
                }
            }
        }
    }

    /** Puts one configuration in the place of another; PIDs that only the former has get back what they had before. */
    void exchange(Map<String, Map<String, List<String>>> former, Map<String, Map<String, List<String>>> next)
            throws IOException {
        for (Map.Entry<String, Map<String, List<String>>> entry : next.entrySet()) {
            set(entry.getKey(), entry.getValue());
        }
        Set<String> given = new HashSet<>(former.keySet());
        given.removeAll(next.keySet());
        for (String pid : given) {
            restore(pid);
        }
    }

    private void set(String pid, Map<String, List<String>> properties) throws IOException {
        Configuration configuration = configuration(pid);
        originals.computeIfAbsent(pid, unknown -> Optional.ofNullable(configuration.getProperties()));
        Map<String, Object> values = new HashMap<>();
        properties.forEach((name, value) -> values.put(name, value(value)));
        configuration.updateIfDifferent(FrameworkUtil.asDictionary(values));
    }

    /** One value is a text; the components' own types are made of it. */
    private static Object value(List<String> values) {
        return values.size() == 1 ? values.get(0) : values.toArray(String[]::new);
    }

    private void restore(String pid) throws IOException {
        Optional<Dictionary<String, Object>> original = originals.remove(pid);
        if (original == null || original.isEmpty()) {
            configuration(pid).delete();
        } else {
            configuration(pid).update(original.get());
        }
    }

    /** A factory configuration's PID has the factory's, a tilde and a name. */
    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }

    private Path file(String symbolicName) {
        return folder.resolve(symbolicName + SUFFIX);
    }
}
