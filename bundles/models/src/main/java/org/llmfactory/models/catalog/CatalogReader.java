package org.llmfactory.models.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/** Reads the catalogue's JSON and refuses what could be taken for something else: options, other folders, other hosts. */
final class CatalogReader {
    private static final int MOST_FILES = 1000;
    private static final int MOST_SOURCES = 20;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SEGMENT = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._@+ -]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9@][A-Za-z0-9._/@+-]*");
    private static final Pattern COORDINATES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9._-]+){2,4}");

    private final JsonFields model;
    private final String id;

    private CatalogReader(JsonFields model) {
        this.model = model;
        this.id = matching(model, "id", ID);
    }

    static List<CatalogModel> read(JsonFields catalog) {
        List<CatalogModel> models = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode node : catalog.node().path("models")) {
            CatalogModel model = new CatalogReader(new JsonFields(catalog.file(), node)).model();
            if (!ids.add(model.id())) {
                throw Faults.invalid(catalog.file(), "the model " + model.id() + " is there twice");
            }
            models.add(model);
        }
        if (models.isEmpty()) {
            throw Faults.invalid(catalog.file(), "there are no models in it");
        }
        return models;
    }

    private CatalogModel model() {
        List<CatalogFile> files = new ArrayList<>();
        for (JsonNode node : elements("files", MOST_FILES)) {
            files.add(file(new JsonFields(model.file(), node)));
        }
        List<ModelSource> sources = new ArrayList<>();
        for (JsonNode node : elements("sources", MOST_SOURCES)) {
            sources.add(source(new JsonFields(model.file(), node)));
        }
        if (files.stream().map(CatalogFile::path).distinct().count() != files.size()) {
            throw fault("a file is there twice");
        }
        return new CatalogModel(id, kind(), required(model, "task"), required(model, "licence"), files, sources);
    }

    private CatalogModel.Kind kind() {
        String kind = required(model, "kind");
        return Arrays.stream(CatalogModel.Kind.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(kind))
                .findFirst()
                .orElseThrow(() -> fault("the kind is neither gguf nor huggingface"));
    }

    private CatalogFile file(JsonFields file) {
        JsonNode size = file.node().path("size");
        if (!size.canConvertToLong() || size.longValue() < 0) {
            throw fault("a file has no size");
        }
        return new CatalogFile(path(required(file, "path")), size.longValue(), matching(file, "sha256", SHA_256));
    }

    private ModelSource source(JsonFields source) {
        String type = required(source, "type");
        return switch (type) {
            case "huggingface" ->
                new ModelSource.HuggingFace(
                        matching(source, "repository", NAME), matching(source, "revision", NAME), folder(source));
            case "pypi" ->
                new ModelSource.PyPi(
                        matching(source, "package", NAME), matching(source, "version", NAME), folder(source));
            case "npm" ->
                new ModelSource.Npm(
                        matching(source, "package", NAME), matching(source, "version", NAME), folder(source));
            case "maven" -> new ModelSource.Maven(matching(source, "coordinates", COORDINATES), folder(source));
            case "local" -> new ModelSource.Local(Path.of(required(source, "folder")));
            default -> throw fault("there is no kind of source named " + Faults.quote(type));
        };
    }

    private String folder(JsonFields source) {
        return source.text("folder")
                .filter(text -> !text.isEmpty())
                .map(this::path)
                .orElse("");
    }

    private String path(String path) {
        for (String segment : path.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw fault("the path " + Faults.quote(path) + " is not a plain relative path");
            }
        }
        return path;
    }

    private JsonNode elements(String field, int most) {
        JsonNode elements = model.node().path(field);
        if (!elements.isArray() || elements.isEmpty() || elements.size() > most) {
            throw fault("it needs 1 to " + most + " " + field);
        }
        return elements;
    }

    private static String required(JsonFields fields, String field) {
        return fields.text(field).orElseThrow(() -> fields.fault(field, "is missing"));
    }

    private static String matching(JsonFields fields, String field, Pattern pattern) {
        String text = required(fields, field);
        if (!pattern.matcher(text).matches() || text.contains("..")) {
            throw fields.fault(field, "has the malformed value " + Faults.quote(text));
        }
        return text;
    }

    private RuntimeException fault(String fault) {
        return Faults.invalid(model.file(), "model " + id + ": " + fault);
    }
}
