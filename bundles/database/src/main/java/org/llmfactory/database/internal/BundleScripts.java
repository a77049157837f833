package org.llmfactory.database.internal;

import java.net.URL;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * The scripts in one folder of one bundle. The migration library would look for them through class loaders and find the
 * bundle by a number that it reads from a URL, which is not the bundle's with every framework.
 */
final class BundleScripts implements ResourceProvider {
    private final Map<String, LoadableResource> scripts;

    private BundleScripts(Map<String, LoadableResource> scripts) {
        this.scripts = scripts;
    }

    /**
     * The scripts of a folder.
     *
     * @throws FlywayException when it holds none
     */
    static BundleScripts of(Bundle bundle, String folder) {
        Enumeration<URL> entries = bundle.findEntries(folder, "*.sql", false);
        if (entries == null) {
            throw new FlywayException("The bundle " + bundle.getSymbolicName() + " has no scripts in " + folder + '.');
        }
        Map<String, LoadableResource> scripts = new TreeMap<>();
        for (URL entry : Collections.list(entries)) {
            Script script = new Script(entry);
            scripts.put(script.getFilename(), script);
        }
        return new BundleScripts(scripts);
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return scripts.get(name);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        List<String> endings = Arrays.asList(suffixes);
        return scripts.values().stream()
                .filter(script -> script.getFilename().startsWith(prefix))
                .filter(script -> endings.stream().anyMatch(script.getFilename()::endsWith))
                .toList();
    }
}
