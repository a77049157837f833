package org.llmfactory.itest.plugin;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs plugin bundles for tests. */
final class PluginJars {
    static final String HELLO = "org.llmfactory.itest.hello";

    private PluginJars() {}

    /** The hello plugin under a version, and with further headers. */
    static Path hello(Path folder, String version, String... headers) throws Exception {
        Files.createDirectories(folder);
        Path file = folder.resolve("hello-" + version + ".jar");
        try (Builder builder = new Builder()) {
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                File classes = new File(entry);
                if (classes.isDirectory() || entry.contains("jaxrs") || entry.contains("jax.rs")) {
                    builder.addClasspath(classes);
                }
            }
            builder.setProperty("Bundle-SymbolicName", HELLO);
            builder.setProperty("Bundle-Version", version);
            builder.setProperty("Private-Package", HELLO);
            builder.setProperty("-contract", "*");
            builder.setProperty("-noextraheaders", "true");
            for (int i = 0; i < headers.length; i += 2) {
                builder.setProperty(headers[i], headers[i + 1]);
            }
            try (Jar jar = builder.build()) {
                if (!builder.isOk()) {
                    throw new IllegalStateException(builder.getErrors().toString());
                }
                jar.write(file.toFile());
            }
        }
        return file;
    }
}
