package org.llmfactory.rest.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Constants;

/** The bundles on the class path of the test, by their symbolic names. */
final class BundlePath {
    private static final Set<String> NOT_OF_THE_PRODUCT = Set.of(
            // Tests and compilers only
            "junit",
            "assertj",
            "net.bytebuddy",
            "org.apiguardian",
            "org.awaitility",
            "org.hamcrest",
            "org.opentest4j",
            "com.google.errorprone",
            "org.jspecify",
            "osgi.",
            // Other bundles of the container have these packages
            "javax.servlet-api",
            "jakarta.servlet-api",
            "org.apache.felix.framework",
            "org.apache.geronimo.specs.geronimo-osgi-locator",
            "org.osgi.namespace",
            "org.osgi.service.http.whiteboard",
            "org.osgi.service.servlet",
            "slf4j",
            // Embedded by those who use them
            "com.nimbusds",
            "com.zaxxer",
            "derby",
            "io.leangen",
            "lang-tag",
            "net.minidev",
            "oauth2-oidc-sdk",
            "org.objectweb.asm",
            "org.postgresql");

    private final Map<String, Path> bundles = new TreeMap<>();

    BundlePath() throws IOException {
        String classPath = System.getProperty("java.class.path");
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            Optional<String> name = Files.exists(path) ? symbolicName(path) : Optional.empty();
            if (name.isPresent()) {
                bundles.putIfAbsent(name.get(), path);
            }
        }
    }

    /** Where those lie that are installed into a container which has {@code given} from elsewhere. */
    List<String> locations(Set<String> given) {
        return bundles.entrySet().stream()
                .filter(bundle -> !given.contains(bundle.getKey()))
                .filter(bundle -> NOT_OF_THE_PRODUCT.stream().noneMatch(bundle.getKey()::startsWith))
                .map(bundle -> location(bundle.getValue()))
                .toList();
    }

    /** What some bundles export, as the framework's own packages are written. */
    String exports(Set<String> names) throws IOException {
        StringBuilder exports = new StringBuilder("org.jspecify.annotations;version=1.0.1");
        for (String name : names) {
            Path bundle = Optional.ofNullable(bundles.get(name))
                    .orElseThrow(() -> new IllegalArgumentException("not on the class path: " + name));
            String header = manifest(bundle).orElseThrow().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
            // Its "uses" name packages that the system bundle does not export.
            exports.append(',').append(header.replaceAll(";uses:=\"[^\"]*\"", ""));
        }
        return exports.toString();
    }

    private static String location(Path path) {
        String uri = path.toUri().toString();
        return Files.isDirectory(path) ? "reference:" + uri : uri;
    }

    private static Optional<String> symbolicName(Path path) throws IOException {
        return manifest(path)
                .flatMap(manifest ->
                        Optional.ofNullable(manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME)))
                .flatMap(name -> Arrays.stream(name.split(";", 2)).findFirst())
                .map(String::strip);
    }

    private static Optional<Manifest> manifest(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            Path file = path.resolve(JarFile.MANIFEST_NAME);
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                return Optional.of(new Manifest(in));
            }
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return Optional.ofNullable(jar.getManifest());
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
