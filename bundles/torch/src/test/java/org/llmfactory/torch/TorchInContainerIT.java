package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles as they are shipped, in a real framework. */
class TorchInContainerIT {
    private static Framework framework;
    private static Bundle torch;
    private static Bundle visitor;

    @TempDir
    private static Path storage;

    @BeforeAll
    static void start() throws BundleException, IOException {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.slf4j;version=2.0.17,org.jspecify.annotations;version=1.0.1"));
        framework.init();
        install("org.osgi.util.function");
        install("org.osgi.util.promise");
        install("org.osgi.service.component-");
        Bundle scr = install("org.apache.felix.scr");
        Bundle djl = install("org.llmfactory.djl");
        install("org.llmfactory.pytorch.cpu");
        install("org.llmfactory.kernels");
        torch = install(System.getProperty("bundle.under.test"));
        visitor = framework.getBundleContext().installBundle("visitor", visitorBundle());
        framework.start();
        for (Bundle bundle : new Bundle[] {scr, djl, torch, visitor}) {
            bundle.start();
        }
    }

    /** From the class path of the tests, or by its file. */
    private static Bundle install(String nameOrFile) throws BundleException {
        String file = nameOrFile.endsWith(".jar")
                ? nameOrFile
                : Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator, -1))
                        .filter(entry -> entry.contains(nameOrFile) && entry.endsWith(".jar"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no " + nameOrFile + " among the dependencies"));
        return framework.getBundleContext().installBundle(Path.of(file).toUri().toString());
    }

    private static InputStream visitorBundle() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "visitor");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, Visitor.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE, "org.osgi.framework,org.llmfactory.djl,ai.djl.huggingface.tokenizers");
        headers.putValue(Constants.REQUIRE_BUNDLE, "org.llmfactory.torch");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Class<?> type : new Class<?>[] {Visitor.class, Sources.class}) {
                String name = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(jar);
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @AfterAll
    static void stop() throws Exception {
        framework.stop();
        framework.waitForStop(60_000);
    }

    private static String finding() {
        BundleContext context = visitor.getBundleContext();
        return String.valueOf(((Supplier<?>) context.getService(context.getServiceReference(Supplier.class))).get());
    }

    @Test
    void serviceRunsAProgram() {
        assertThat(finding()).matches("cpu, kernels (true|false), sum 1\\.0, tokens \\[1, 0\\]");
    }

    @Test
    void serviceGoesWithItsBundleAndComesBack() throws BundleException {
        torch.stop();
        assertThat(finding()).isEqualTo("no service");

        torch.start();
        assertThat(finding()).startsWith("cpu");
    }

    @Test
    void updateOfTheBundleKeepsTheNativesLoaded() throws Exception {
        try (InputStream again = Files.newInputStream(Path.of(System.getProperty("bundle.under.test")))) {
            torch.update(again);
        }
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(List.of(torch), event -> refreshed.countDown());
        assertThat(refreshed.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(torch.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(finding()).startsWith("cpu");
    }
}
