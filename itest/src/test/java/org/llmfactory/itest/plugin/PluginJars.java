package org.llmfactory.itest.plugin;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs plugin bundles for tests. */
public final class PluginJars {
    public static final String HELLO = "org.llmfactory.itest.hello";

    /** A package that makes the plugin one that is well at first, and then not. */
    private static final String AILING = "org.llmfactory.itest.ailing";

    private PluginJars() {}

    /** The hello plugin under a version that does not stay well. */
    public static Path ailing(Path folder, String version) throws Exception {
        return hello(folder, version, "Private-Package", HELLO + "," + AILING);
    }

    /** The hello plugin under a version, and with further headers. */
    public static Path hello(Path folder, String version, String... headers) throws Exception {
        Files.createDirectories(folder);
        Path file = folder.resolve("hello-" + version + ".jar");
        try (Builder builder = new Builder()) {
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                File classes = new File(entry);
                if (classes.isDirectory() || isUsed(entry)) {
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

    private static boolean isUsed(String library) {
        return library.contains("jaxrs") || library.contains("jax.rs") || library.contains("healthcheck");
    }
}
