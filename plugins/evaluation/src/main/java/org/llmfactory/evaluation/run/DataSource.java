package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.evaluation.grade.Conversation;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/**
 * The rows of a run, and where the answers to them come from.
 *
 * @param content the rows themselves; null where they are elsewhere
 * @param file id of the file that they are in; null where they were given with the request
 * @param sampling makes an answer of a row
 */
public record DataSource(
        @Nullable ArrayNode content, @Nullable String file, Sampling sampling) {
    /** In place of rows that lie in the object store. */
    public static final String STORED_ROWS = "stored_rows";

    private static final String DEFAULT_REFERENCE = "item.messages";
    private static final List<String> PARAMETERS = List.of(
            "temperature", "top_p", "seed", "max_completion_tokens", "max_completions_tokens", "max_tokens", "stop");
    private static final int MAXIMUM_INLINE = 2000;
    private static final int MAXIMUM_ADAPTERS = 64;

    public DataSource {
        Objects.requireNonNull(sampling, "sampling");
    }

    /** The name of the model that is asked; empty when none is. */
    public String model() {
        return sampling.target().map(Target::model).orElse("");
    }

    /**
     * Reads what a request says.
     *
     * @throws org.llmfactory.api.error.FactoryException with the place and the reason, when it cannot be
     */
    public static DataSource read(JsonFields fields) {
        return read(fields, false);
    }

    /** Reads what {@link #withoutRows} has left. */
    static DataSource ofStored(JsonFields fields) {
        return read(fields, true);
    }

    /** The same as it may be written down where rows do not belong: with the word that they are in the store. */
    public static ObjectNode withoutRows(ObjectNode written) {
        ObjectNode stored = written.deepCopy();
        ObjectNode source = (ObjectNode) stored.path("source");
        if (source.path("type").asText().equals("file_content")) {
            source.removeAll();
            source.put("type", STORED_ROWS);
        }
        return stored;
    }

    private static DataSource read(JsonFields fields, boolean stored) {
        String type = fields.requiredString("type");
        Sampling sampling = switch (type) {
            case "jsonl" -> new Sampling.Given();
            case "completions" -> generated(fields);
            case "likelihood" -> new Sampling.Likely(target(fields), isChat(fields));
            case "responses" -> throw fields.unsupported("type", "Use a data source of type 'completions' instead.");
            default -> throw fields.invalid("type", "expected 'jsonl', 'completions' or 'likelihood'");
        };
        JsonFields source = fields.object("source").orElseThrow(() -> fields.missing("source"));
        return switch (source.requiredString("type")) {
            case "file_content" -> new DataSource(content(source), null, sampling);
            case "file_id" -> new DataSource(null, source.requiredString("id"), sampling);
            case STORED_ROWS -> {
                if (!stored) {
                    throw source.invalid("type", "expected 'file_content' or 'file_id'");
                }
                yield new DataSource(null, null, sampling);
            }
            case "stored_completions", "responses" ->
                throw source.unsupported("type", "Rows come from 'file_content' or 'file_id' only.");
            default -> throw source.invalid("type", "expected 'file_content' or 'file_id'");
        };
    }

    private static ArrayNode content(JsonFields source) {
        ArrayNode rows = Json.MAPPER.createArrayNode();
        JsonNode content = source.node("content").orElseThrow(() -> source.missing("content"));
        rows.addAll(JsonFields.arrayAt(content, source.path("content"), MAXIMUM_INLINE));
        if (rows.isEmpty()) {
            throw source.invalid("content", "expected at least one row");
        }
        return rows;
    }

    private static Sampling generated(JsonFields fields) {
        Optional<JsonFields> input = fields.object("input_messages");
        Conversation template = null;
        String reference = DEFAULT_REFERENCE;
        if (input.isPresent()) {
            JsonFields messages = input.get();
            switch (messages.requiredString("type")) {
                case "template" -> template = Conversation.read(messages, "template");
                case "item_reference" -> {
                    reference = messages.requiredString("item_reference");
                    if (!Template.isPath(reference) || !reference.startsWith("item.")) {
                        throw messages.invalid("item_reference", "expected a name such as 'item.messages'");
                    }
                }
                default -> throw messages.invalid("type", "expected 'template' or 'item_reference'");
            }
        }
        return new Sampling.Generated(target(fields), template, reference, parameters(fields));
    }

    /** Of what a chat request may say, the part that makes sense here. The gateway checks the values. */
    private static ObjectNode parameters(JsonFields fields) {
        ObjectNode parameters = Json.MAPPER.createObjectNode();
        Optional<JsonFields> given = fields.object("sampling_params");
        if (given.isEmpty()) {
            return parameters;
        }
        for (String name : given.get().names()) {
            boolean text = name.equals("response_format")
                    && given.get()
                            .object(name)
                            .orElseThrow()
                            .requiredString("type")
                            .equals("text");
            if (!PARAMETERS.contains(name) && !text && given.get().has(name)) {
                throw given.get().unsupported(name, "Runs take " + String.join(", ", PARAMETERS) + ".");
            }
            given.get()
                    .node(name)
                    .ifPresent(value -> parameters.set(
                            name.equals("max_completions_tokens") ? "max_completion_tokens" : name, value));
        }
        return parameters;
    }

    private static Target target(JsonFields fields) {
        fields.objects("adapters", MAXIMUM_ADAPTERS).forEach(adapter -> adapter.requiredString("id"));
        ArrayNode adapters = fields.node("adapters").map(ArrayNode.class::cast).orElse(null);
        return new Target(fields.requiredString("model"), adapters);
    }

    private static boolean isChat(JsonFields fields) {
        String format = fields.string("format").orElse("text");
        if (!format.equals("text") && !format.equals("chat")) {
            throw fields.invalid("format", "expected 'text' or 'chat'");
        }
        return format.equals("chat");
    }
}
