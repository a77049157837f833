package org.llmfactory.models.catalog;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.internal.BoundedJson;

/** The models that can be pulled, from a file such as {@code runtime-config/models.json}. Immutable. */
public final class ModelCatalog {
    private static final long LARGEST_FILE = 4L << 20;

    private final List<CatalogModel> models;

    private ModelCatalog(List<CatalogModel> models) {
        this.models = List.copyOf(models);
    }

    /**
     * Reads and checks a catalogue.
     *
     * @throws FactoryException {@code INVALID_FILE} with the file's name, the model and the fault
     */
    public static ModelCatalog read(Path file) {
        return new ModelCatalog(CatalogReader.read(BoundedJson.read(file, LARGEST_FILE)));
    }

    /** All models, in the order of the file; the first is the default. */
    public List<CatalogModel> models() {
        return models;
    }

    /** The model of that id. */
    public Optional<CatalogModel> find(String id) {
        return models.stream().filter(model -> model.id().equals(id)).findFirst();
    }

    /**
     * The model of that id.
     *
     * @throws FactoryException {@code MODEL_NOT_FOUND} with the ids there are
     */
    public CatalogModel require(String id) {
        return find(id).orElseThrow(() -> new FactoryException(
                ErrorCode.MODEL_NOT_FOUND,
                "The catalogue has no model '" + id + "'. It has: "
                        + models.stream().map(CatalogModel::id).collect(Collectors.joining(", "))
                        + "."));
    }
}
