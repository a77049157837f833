package org.llmfactory.itest.plugin;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The runnable jar of the all-in-one feature, taken apart, so that tests run the bundles that are shipped. */
final class FeatureJar {
    private final Properties properties = new Properties();
    private final List<Path> bundles = new ArrayList<>();

    /** Unpacks the bundles into a folder. */
    FeatureJar(Path folder) throws Exception {
        Path file = Path.of(System.getProperty("llmfactory.root"), "features/all-in-one/target/all-in-one.jar");
        Files.createDirectories(folder);
        try (JarFile jar = new JarFile(file.toFile())) {
            try (InputStream in = jar.getInputStream(jar.getEntry("launcher.properties"))) {
                properties.load(in);
            }
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (isBundle(entry.getName())) {
                    Path bundle = folder.resolve(entry.getName().substring("jar/".length()));
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, bundle, StandardCopyOption.REPLACE_EXISTING);
                    }
                    bundles.add(bundle);
                }
            }
        }
    }

    List<Path> bundles() {
        return List.copyOf(bundles);
    }

    /** The bundle whose file begins with a name. */
    Path bundle(String name) {
        return bundles.stream()
                .filter(path -> path.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a bundle is part of another one, and is therefore not started. */
    static boolean isFragment(Path bundle) throws Exception {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            return jar.getManifest().getMainAttributes().getValue("Fragment-Host") != null;
        }
    }

    /** The framework properties of the feature, without those of its launcher. */
    Properties properties() {
        Properties found = new Properties();
        properties.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("launch."))
                .forEach(name -> found.setProperty(name, properties.getProperty(name)));
        return found;
    }

    private boolean isBundle(String name) {
        return properties.getProperty("launch.bundles").contains(name) && name.endsWith(".jar");
    }
}
