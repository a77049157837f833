package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/** A framework of the product's kind, with bundles that hold next to nothing. */
public final class TestFramework implements AutoCloseable {
    private static final int START_LEVEL = 3;
    private static final int STOP_MILLIS = 10_000;

    private final Framework framework;
    private final Path folder;

    public TestFramework(Path folder) throws BundleException {
        this.folder = folder;
        this.framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("framework").toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        Integer.toString(START_LEVEL)));
        framework.start();
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Installs a bundle that starts on a level. */
    public Bundle install(String name, int level, Map<String, String> headers) throws IOException, BundleException {
        Bundle bundle = context()
                .installBundle(jar(folder.resolve(name + ".jar"), name, headers)
                        .toUri()
                        .toString());
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        return bundle;
    }

    /** Writes a bundle. */
    public static Path jar(Path file, String name, Map<String, String> headers) throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        all.put(Constants.BUNDLE_MANIFESTVERSION, "2");
        all.put(Constants.BUNDLE_SYMBOLICNAME, name);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        all.forEach((header, value) -> manifest.getMainAttributes().putValue(header, value));
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("content"));
            jar.write(name.getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return file;
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
