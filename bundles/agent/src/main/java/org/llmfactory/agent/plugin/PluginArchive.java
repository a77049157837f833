package org.llmfactory.agent.plugin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Constants;

/**
 * A jar that has been looked at and found to be a plugin bundle.
 *
 * @param jar where it lies
 * @param symbolicName its identity
 * @param version of the bundle
 * @param digest SHA-256 of the jar
 * @param components whether it has components, which may wait for services of others
 */
record PluginArchive(Path jar, String symbolicName, String version, String digest, boolean components) {
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final int MAXIMUM_MANIFEST_BYTES = 8 << 20;

    /**
     * Looks at a jar.
     *
     * @throws FactoryException {@code INVALID_FILE} with the reason why it is no plugin bundle
     */
    static PluginArchive read(Path jar) {
        Attributes headers = headers(jar);
        if (!"2".equals(headers.getValue(Constants.BUNDLE_MANIFESTVERSION))) {
            throw refused("it is no OSGi bundle (its manifest has no Bundle-ManifestVersion: 2)");
        }
        if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
            throw refused("it is a fragment; only whole bundles can be deployed to a running agent");
        }
        String header = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        String symbolicName = symbolicName(header);
        if (header.replace(" ", "").contains("singleton:=true")) {
            throw refused("it is a singleton, so that a new version cannot be prepared beside the old one; remove"
                    + " 'singleton:=true' from its Bundle-SymbolicName");
        }
        String version = headers.getValue(Constants.BUNDLE_VERSION);
        return new PluginArchive(
                jar,
                symbolicName,
                version == null ? "0.0.0" : version.trim(),
                Digests.sha256(jar),
                headers.getValue("Service-Component") != null);
    }

    private static String symbolicName(@Nullable String header) {
        if (header == null) {
            throw refused("its manifest has no Bundle-SymbolicName");
        }
        String symbolicName = header.split(";", 2)[0].trim();
        if (symbolicName.length() > 128 || !SYMBOLIC_NAME.matcher(symbolicName).matches()) {
            throw refused("its Bundle-SymbolicName is malformed");
        }
        return symbolicName;
    }

    private static Attributes headers(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw refused("there is no such file");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.getEntry(JarFile.MANIFEST_NAME);
            if (entry == null) {
                throw refused("it has no manifest");
            }
            try (InputStream in = file.getInputStream(entry)) {
                byte[] bytes = in.readNBytes(MAXIMUM_MANIFEST_BYTES + 1);
                if (bytes.length > MAXIMUM_MANIFEST_BYTES) {
                    throw refused("its manifest is over 8 MiB");
                }
                return new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
            }
        } catch (IOException e) {
            throw new FactoryException(
                    ErrorCode.INVALID_FILE, "This is no plugin: it cannot be read as a jar. Build it with bnd.", e);
        }
    }

    private static FactoryException refused(String reason) {
        return new FactoryException(ErrorCode.INVALID_FILE, "This is no plugin: " + reason + ".");
    }
}
