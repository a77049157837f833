package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/** Messages whose contents are templates. */
public record Conversation(List<Message> messages) {
    private static final int MAXIMUM = 64;

    /** One message. */
    public record Message(String role, Template content) {}

    public Conversation {
        messages = List.copyOf(messages);
    }

    /**
     * Reads an array of messages, whose contents are strings or OpenAI's parts of text.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} and the like, with the place
     */
    public static Conversation read(JsonFields fields, String name) {
        List<Message> messages = new ArrayList<>();
        for (JsonFields message : fields.objects(name, MAXIMUM)) {
            String role = message.requiredString("role");
            messages.add(new Message(
                    role.equals("developer") ? "system" : role, Graders.template(message, "content", text(message))));
        }
        if (messages.isEmpty()) {
            throw fields.missing(name);
        }
        return new Conversation(messages);
    }

    private static String text(JsonFields message) {
        JsonNode content = message.node("content").orElseThrow(() -> message.missing("content"));
        if (content.isTextual()) {
            return content.textValue();
        }
        List<JsonFields> parts = content.isObject()
                ? List.of(JsonFields.objectAt(content, message.path("content")))
                : message.objects("content", MAXIMUM);
        List<String> texts = new ArrayList<>();
        for (JsonFields part : parts) {
            String type = part.requiredString("type");
            if (!type.endsWith("text")) {
                throw part.unsupported("type", "Models read text only.");
            }
            texts.add(part.requiredString("text"));
        }
        return String.join("\n", texts);
    }

    /** The messages for one item. */
    public ArrayNode render(ObjectNode item, ObjectNode sample) {
        ArrayNode rendered = Json.MAPPER.createArrayNode();
        for (Message message : messages) {
            rendered.addObject()
                    .put("role", message.role())
                    .put("content", message.content().render(item, sample));
        }
        return rendered;
    }
}
