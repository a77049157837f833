package org.llmfactory.gateway.container;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/**
 * The gateway in a Felix container with the HTTP and JAX-RS bundles of the product, on a port of its own. The bundles are
 * those of the test class path; the API comes from the test's own class loader, so that the fakes can be services.
 */
final class GatewayContainer {
    private static final Set<String> FROM_THE_TEST =
            Set.of("org.llmfactory.api", "org.apache.felix.framework", "org.jspecify.jspecify", "slf4j.api");
    private static final List<String> NOT_BUNDLES_OF_THE_PRODUCT = List.of(
            "junit",
            "assertj",
            "org.awaitility",
            "org.hamcrest",
            "org.opentest4j",
            "net.bytebuddy",
            "com.squareup",
            "com.google.errorprone",
            "com.fasterxml.classmate",
            "com.fasterxml.jackson.datatype",
            "com.fasterxml.jackson.module",
            "io.swagger",
            "org.osgi.service.http.whiteboard",
            "osgi.");

    private final Framework framework;
    private final Path storage;
    private final int port;

    GatewayContainer() throws IOException, BundleException {
        storage = Files.createTempDirectory("gateway-container");
        port = freePort();
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        apiPackages(),
                        "org.apache.cxf.osgi.http.transport.disable",
                        "true",
                        "org.apache.felix.http.host",
                        "127.0.0.1",
                        "org.osgi.service.http.port",
                        Integer.toString(port),
                        "org.apache.felix.http.jetty.threadpool.max",
                        "300",
                        "org.ops4j.pax.logging.DefaultServiceLog.level",
                        "WARN"));
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (URI bundle : bundlesOnTheClassPath()) {
            bundles.add(framework.getBundleContext().installBundle(bundle.toString()));
        }
        // Logging first: until it runs, everything is written out.
        bundles.sort(Comparator.comparing(bundle -> !bundle.getSymbolicName().startsWith("org.ops4j.pax.logging")));
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int port() {
        return port;
    }

    <T> ServiceRegistration<T> register(Class<T> type, T service) {
        return context().registerService(type, service, null);
    }

    void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
        try (Stream<Path> files = Files.walk(storage)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static String apiPackages() throws IOException {
        Path api = classPath().stream()
                .filter(path ->
                        symbolicName(path).filter("org.llmfactory.api"::equals).isPresent())
                .findFirst()
                .orElseThrow();
        String exports = manifest(api).orElseThrow().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        // Its "uses" name packages that the system bundle does not export.
        return exports.replaceAll(";uses:=\"[^\"]*\"", "") + ",org.jspecify.annotations;version=1.0.1";
    }

    private static List<URI> bundlesOnTheClassPath() {
        List<URI> bundles = new ArrayList<>();
        for (Path path : classPath()) {
            Optional<String> name = symbolicName(path);
            if (name.isPresent()
                    && !FROM_THE_TEST.contains(name.get())
                    && NOT_BUNDLES_OF_THE_PRODUCT.stream().noneMatch(name.get()::startsWith)) {
                String location = path.toUri().toString();
                bundles.add(URI.create(Files.isDirectory(path) ? "reference:" + location : location));
            }
        }
        return bundles;
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    private static Optional<String> symbolicName(Path path) {
        try {
            return manifest(path)
                    .map(manifest -> manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME))
                    .map(name -> name.split(";", 2)[0].strip());
        } catch (IOException failure) {
            throw new IllegalStateException(path.toString(), failure);
        }
    }

    private static Optional<Manifest> manifest(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            Path file = path.resolve(JarFile.MANIFEST_NAME);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(file)) {
                return Optional.of(new Manifest(in));
            }
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return Optional.ofNullable(jar.getManifest());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
