package org.llmfactory.launcher.command;

import java.nio.file.Path;
import org.llmfactory.launcher.terminal.ProgressBar;
import org.llmfactory.launcher.terminal.Terminal;
import org.llmfactory.models.catalog.CatalogModel;
import org.llmfactory.models.catalog.ModelCatalog;
import org.llmfactory.models.catalog.ModelPuller;
import org.llmfactory.models.catalog.PullListener;

/** The base models of the catalogue and of a home. */
final class Models {
    private final ModelCatalog catalog;
    private final ModelPuller puller;
    private final Terminal terminal;

    Models(Options options, Terminal terminal) {
        this.catalog = ModelCatalog.read(options.installation().configuration("models.json"));
        this.puller = new ModelPuller(options.home().resolve("models"));
        this.terminal = terminal;
    }

    ModelCatalog catalog() {
        return catalog;
    }

    boolean isPresent(CatalogModel model) {
        return puller.isPresent(model);
    }

    /** Fetches a model, showing how far it is; one that is there already is left alone. */
    Path pull(String id) throws InterruptedException {
        CatalogModel model = catalog.require(id);
        try (ProgressBar bar = terminal.progress("Pulling " + id)) {
            return puller.pull(model, new PullListener() {
                @Override
                public void onSource(String source) {
                    terminal.say("Pulling " + id + " from " + source);
                }

                @Override
                public void onProgress(long bytes, long total) {
                    bar.update(bytes, total);
                }

                @Override
                public void onFailure(String source, String reason) {
                    terminal.say(source + " does not have it: " + reason);
                }
            });
        }
    }
}
