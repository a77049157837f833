package org.llmfactory.evaluation.item;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.OptionalService;

/** Reads the rows that models are asked about. */
public final class Items {
    private static final int MAXIMUM = 20_000;

    private static final long MAXIMUM_BYTES = 64 << 20;

    private Items() {}

    /**
     * The rows of a file: JSON Lines or an array of objects. A row is {@code {"item": {…}, "sample": {…}}} or the item
     * itself.
     *
     * @throws FactoryException {@code INVALID_FILE} with the row and the reason, {@code UNAVAILABLE} when the store fails
     */
    public static List<Item> ofFile(
            OptionalService<FileCatalog> catalog, ObjectStore store, String project, String id) {
        FileCatalog files = catalog.require("The files are away at present.");
        FileInfo file = files.find(project, id).orElseThrow(() -> bad("There is no file '" + id + "' any more."));
        if (file.bytes() > MAXIMUM_BYTES) {
            throw bad("The file has " + file.bytes() + " bytes; at most " + MAXIMUM_BYTES + " are read.");
        }
        return ofObject(store, file.key());
    }

    /**
     * The rows of an object, as those of a file.
     *
     * @throws FactoryException as {@link #ofFile}
     */
    public static List<Item> ofObject(ObjectStore store, String key) {
        try (InputStream content = store.open(key, 0).orElseThrow(() -> bad("The rows are gone."))) {
            return read(content);
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The rows cannot be read at present.", e);
        }
    }

    static List<Item> read(InputStream content) throws IOException {
        List<Item> items = new ArrayList<>();
        try (MappingIterator<JsonNode> rows =
                Json.MAPPER.readerFor(JsonNode.class).readValues(content)) {
            while (rows.hasNextValue()) {
                items.add(of(items.size(), rows.nextValue()));
            }
        } catch (JsonProcessingException e) {
            throw bad("Row " + (items.size() + 1) + " is not valid JSON.");
        }
        if (items.isEmpty()) {
            throw bad("The file has no rows.");
        }
        return items;
    }

    /**
     * One row.
     *
     * @throws FactoryException {@code INVALID_FILE} when it is none, or one too many
     */
    private static Item of(int number, JsonNode row) {
        if (number >= MAXIMUM) {
            throw bad("There are more than " + MAXIMUM + " rows.");
        }
        if (!(row instanceof ObjectNode object)) {
            throw bad("Row " + (number + 1) + " is not a JSON object.");
        }
        if (object.get("item") instanceof ObjectNode item) {
            return new Item(number, item, object.get("sample") instanceof ObjectNode sample ? sample : null);
        }
        return new Item(number, object, null);
    }

    private static FactoryException bad(String reason) {
        return new FactoryException(ErrorCode.INVALID_FILE, reason);
    }
}
