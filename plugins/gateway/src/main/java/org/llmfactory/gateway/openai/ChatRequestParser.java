package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;

/** Reads a chat completion request. Fields that nobody knows are ignored, as old and new clients send some. */
final class ChatRequestParser {
    private ChatRequestParser() {}

    static ChatRequest parse(ObjectNode body, RequestLimits limits) {
        JsonFields fields = JsonFields.of(body);
        refuseUnsupported(fields, limits);
        boolean logprobs = fields.flag("logprobs", false);
        OptionalInt top = fields.integer("top_logprobs", 0, 20);
        if (top.isPresent() && !logprobs) {
            throw fields.invalid("top_logprobs", "'logprobs' must be true for it");
        }
        boolean echo = fields.flag("echo", false);
        OptionalInt maxTokens = CommonFields.maxTokens(fields, echo ? 0 : 1, "max_completion_tokens", "max_tokens");
        CommonRequest common = CommonFields.read(fields, maxTokens, logprobs ? top.orElse(0) : -1);
        Map<String, Object> extra = fields.node("chat_template_kwargs")
                .map(node -> toMap(JsonFields.objectAt(node, "chat_template_kwargs"), node))
                .orElse(Map.of());
        limits.characters().add(extra, "chat_template_kwargs");
        List<Map<String, Object>> messages = ChatMessages.read(fields, limits);
        Optional<String> echoed = Optional.empty();
        if (echo) {
            echoed = Optional.of(lastAnswer(fields, messages, common.stream()));
            messages = messages.subList(0, messages.size() - 1);
        }
        ChatPrompt prompt = new ChatPrompt(messages, List.of(), true, extra);
        return new ChatRequest(common, prompt, echoed, logprobs, fields.flag("store", false), Metadata.read(fields));
    }

    /** Our extension: {@code "echo": true} makes the conversation's last message the beginning of the answer. */
    private static String lastAnswer(JsonFields fields, List<Map<String, Object>> messages, boolean stream) {
        if (stream) {
            throw fields.invalid("echo", "an echoed answer cannot be streamed; set 'stream' to false");
        }
        Map<String, Object> last = messages.get(messages.size() - 1);
        boolean isAnswer = "assistant".equals(last.get("role")) && !last.containsKey("tool_calls");
        if (messages.size() < 2 || !isAnswer || !(last.get("content") instanceof String answer)) {
            throw fields.invalid("echo", "the last message must be a text of the assistant, behind another message");
        }
        return answer;
    }

    /** The object's fields that are not null. */
    private static Map<String, Object> toMap(JsonFields object, JsonNode node) {
        Map<String, Object> map = Json.map(node);
        map.keySet().removeIf(name -> !object.has(name));
        return map;
    }

    private static void refuseUnsupported(JsonFields fields, RequestLimits limits) {
        refuseTools(fields, limits);
        fields.object("response_format").ifPresent(ChatRequestParser::refuseFormat);
        for (String modality : fields.strings("modalities", 8)) {
            if (!modality.equals("text")) {
                throw fields.unsupported("modalities", "This model answers with text only.");
            }
        }
        if (fields.has("audio")) {
            throw fields.unsupported("audio", "This model answers with text only.");
        }
        if (fields.has("web_search_options")) {
            throw fields.unsupported("web_search_options", "This server does not search the web.");
        }
    }

    /** Definitions alone do no harm; a model that is to call them must be kept to their schema, which is not done yet. */
    private static void refuseTools(JsonFields fields, RequestLimits limits) {
        List<JsonFields> tools = fields.objects("tools", limits.tools());
        for (JsonFields tool : tools) {
            tool.requiredString("type");
        }
        String choice = toolChoice(fields).orElse(tools.isEmpty() ? "none" : "auto");
        if (choice.equals("required") || choice.equals("named") || (!choice.equals("none") && !tools.isEmpty())) {
            throw fields.unsupported(
                    tools.isEmpty() ? "tool_choice" : "tools",
                    "Tool calls are not supported by this server yet; leave the tools out or set 'tool_choice' to"
                            + " 'none'.");
        }
        boolean noFunction = fields.node("function_call")
                .filter(call -> call.asText().equals("none"))
                .isPresent();
        if (CommonFields.isSet(fields, "functions") && !noFunction) {
            throw fields.unsupported("functions", "Function calls are not supported by this server.");
        }
    }

    /** {@code none}, {@code auto}, {@code required}, or {@code named} for one that is named. */
    private static Optional<String> toolChoice(JsonFields fields) {
        Optional<JsonNode> choice = fields.node("tool_choice");
        if (choice.isEmpty() || choice.get().isObject()) {
            return choice.map(named -> "named");
        }
        String word = JsonFields.text(choice.get(), "tool_choice");
        return switch (word) {
            case "none", "auto", "required" -> Optional.of(word);
            default -> throw fields.invalid("tool_choice", "expected 'none', 'auto' or 'required'");
        };
    }

    private static void refuseFormat(JsonFields format) {
        String type = format.requiredString("type");
        switch (type) {
            case "text" -> {}
            case "json_object", "json_schema" ->
                throw format.unsupported(
                        "type", "Structured output ('" + type + "') is not supported by this server yet; use 'text'.");
            default -> throw format.invalid("type", "expected 'text', 'json_object' or 'json_schema'");
        }
    }
}
