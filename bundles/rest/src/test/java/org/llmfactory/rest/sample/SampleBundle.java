package org.llmfactory.rest.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.ws.rs.core.Application;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/** The sample plugin as a bundle, and what starts it there. */
public final class SampleBundle implements BundleActivator {
    private static final List<Class<?>> CLASSES =
            List.of(SampleBundle.class, SampleApplication.class, SampleApplication.Things.class);

    /** Packs the bundle. */
    public static Path in(Path folder) throws IOException {
        Path file = folder.resolve("sample.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest())) {
            for (Class<?> type : CLASSES) {
                String entry = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(jar);
                }
            }
        }
        return file;
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "org.llmfactory.rest.sample");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, SampleBundle.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE,
                "javax.ws.rs,javax.ws.rs.core,org.llmfactory.access,org.llmfactory.api.identity,org.llmfactory.rest,"
                        + "org.osgi.framework");
        return manifest;
    }

    @Override
    public void start(BundleContext context) {
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(
                Map.of("osgi.jaxrs.application.base", "/v1/sample", "osgi.jaxrs.name", "sample"));
        context.registerService(Application.class, new SampleApplication(), properties);
    }

    @Override
    public void stop(BundleContext context) {}
}
