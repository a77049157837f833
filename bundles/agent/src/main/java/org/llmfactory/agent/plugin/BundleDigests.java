package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** The SHA-256 of the jars that bundles were installed from. */
final class BundleDigests {
    /** A deployed bundle's location is this, its symbolic name, an {@code @} and its digest. */
    private static final String DEPLOYED = "plugin:";

    private final Map<String, String> known = new ConcurrentHashMap<>();

    static String location(PluginArchive archive) {
        return DEPLOYED + archive.symbolicName() + "@" + archive.digest();
    }

    static boolean isDeployed(Bundle bundle) {
        return bundle.getLocation().startsWith(DEPLOYED);
    }

    String digest(Bundle bundle) {
        String location = bundle.getLocation();
        if (isDeployed(bundle)) {
            return location.substring(location.indexOf('@') + 1);
        }
        return known.computeIfAbsent(location, BundleDigests::read);
    }

    private static String read(String location) {
        try (InputStream jar = open(location)) {
            return Digests.sha256(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The feature's runnable jar names its bundles by their entry in it; other launchers use a URL. */
    private static InputStream open(String location) throws IOException {
        @Nullable InputStream entry = ClassLoader.getSystemResourceAsStream(location);
        return entry == null ? new URL(location).openStream() : entry;
    }
}
