package org.llmfactory.models.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.internal.Digests;

/**
 * Puts models of the catalogue into a home's models folder. A model appears there whole and checked, or not at all; pulls
 * of the same model by several processes exclude each other. Safe for use by several threads.
 */
public final class ModelPuller {
    private final Path models;
    private final Fetchers fetchers;

    /** A puller into this folder, which is made when it is missing; clients see this process's environment. */
    public ModelPuller(Path models) {
        this(models, System.getenv());
    }

    /**
     * A puller whose clients see this environment: {@code PATH}, {@code HF_ENDPOINT}, {@code HF_TOKEN}, and whatever
     * {@code pip}, {@code npm} and {@code mvn} read.
     */
    public ModelPuller(Path models, Map<String, String> environment) {
        this.models = models.toAbsolutePath();
        this.fetchers = new Fetchers(Map.copyOf(environment));
    }

    /** Whether the model's files are all there, by name and size. */
    public boolean isPresent(CatalogModel model) {
        return model.files().stream().allMatch(file -> hasSize(folder(model).resolve(file.path()), file.size()));
    }

    /**
     * Makes the model be there. Files that are there already are checked and, when they are right, kept.
     *
     * @return its folder
     * @throws FactoryException {@code CONFLICT} when the model is being pulled already, {@code INTERNAL} when no source
     *     had it, with what each of them said
     * @throws InterruptedException when the thread is interrupted; nothing is left behind then
     */
    public Path pull(CatalogModel model, PullListener listener) throws InterruptedException {
        try {
            Files.createDirectories(models);
            try (PullLock lock = PullLock.take(models, model.id())) {
                lock.removeRemains();
                if (isPresent(model) && isRight(model, folder(model))) {
                    return folder(model);
                }
                return fetch(model, listener, lock);
            }
        } catch (IOException e) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The models folder cannot be written: " + Failures.reason(e), e);
        }
    }

    private Path fetch(CatalogModel model, PullListener listener, PullLock lock)
            throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (ModelSource source : model.sources()) {
            listener.onSource(source.description());
            Path work = lock.workFolder();
            try {
                Path files = Files.createDirectory(work.resolve("model"));
                fetchers.fetch(source, model, files, listener);
                check(model, files);
                install(files, folder(model), work);
                return folder(model);
            } catch (IOException | FactoryException e) {
                String reason = Failures.reason(e);
                listener.onFailure(source.description(), reason);
                failures.add(source.description() + ": " + reason);
            } finally {
                Folders.delete(work);
            }
        }
        throw new FactoryException(
                ErrorCode.INTERNAL,
                "No source has the model " + model.id() + ". Tried: " + String.join("; ", failures) + ".");
    }

    private static void check(CatalogModel model, Path folder) throws IOException {
        for (CatalogFile file : model.files()) {
            Path fetched = folder.resolve(file.path());
            if (!hasSize(fetched, file.size())) {
                throw new IOException(file.path() + " is not there with its " + file.size() + " bytes");
            }
            if (!Digests.ofFile(fetched).equals(file.sha256())) {
                throw new IOException(file.path() + " is not the file the catalogue pins: its SHA-256 differs");
            }
        }
    }

    private static boolean isRight(CatalogModel model, Path folder) {
        return model.files().stream()
                .allMatch(file -> Digests.ofFile(folder.resolve(file.path())).equals(file.sha256()));
    }

    /** Puts the fetched folder in its place; one that is there already steps aside first. */
    private static void install(Path fetched, Path target, Path work) throws IOException {
        Folders.force(fetched);
        if (Files.exists(target)) {
            Files.move(target, work.resolve("replaced"), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fetched, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path folder(CatalogModel model) {
        return models.resolve(model.id());
    }

    private static boolean hasSize(Path file, long size) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == size;
        } catch (IOException e) {
            return false;
        }
    }
}
