package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.openai.CompletionRequest.Prompt;
import org.llmfactory.gateway.openai.CompletionRequest.TextPrompt;
import org.llmfactory.gateway.openai.CompletionRequest.TokenPrompt;
import org.llmfactory.rest.JsonFields;

/** Reads a completion request. Fields that nobody knows are ignored. */
final class CompletionRequestParser {
    private static final int MAXIMUM_PROMPTS = 2048;
    private static final int MAXIMUM_TOKENS = 1 << 20;
    private static final int DEFAULT_MAX_TOKENS = 16;

    private CompletionRequestParser() {}

    static CompletionRequest parse(ObjectNode body, RequestLimits limits) {
        JsonFields fields = JsonFields.of(body);
        if (fields.string("suffix").filter(suffix -> !suffix.isEmpty()).isPresent()) {
            throw fields.unsupported("suffix", "Insertion into a text is not supported by this model.");
        }
        OptionalInt logprobs = fields.integer("logprobs", 0, 5);
        boolean echo = fields.flag("echo", false);
        OptionalInt maxTokens =
                OptionalInt.of(CommonFields.maxTokens(fields, 0, "max_tokens").orElse(DEFAULT_MAX_TOKENS));
        if (maxTokens.getAsInt() == 0 && !echo) {
            throw fields.invalid("max_tokens", "it may be 0 only together with 'echo'");
        }
        CommonRequest common = CommonFields.read(fields, maxTokens, logprobs.orElse(-1));
        int bestOf = fields.integer("best_of", 1, 20).orElse(common.choices());
        if (bestOf < common.choices()) {
            throw fields.invalid("best_of", "it must not be less than 'n'");
        }
        if (bestOf > common.choices() && common.stream()) {
            throw fields.invalid("best_of", "the best of several cannot be streamed; set 'stream' to false");
        }
        return new CompletionRequest(common, prompts(fields, limits), bestOf, echo, logprobs.isPresent());
    }

    private static List<Prompt> prompts(JsonFields fields, RequestLimits limits) {
        RequestLimits.Characters characters = limits.characters();
        JsonNode prompt = fields.node("prompt").orElseThrow(() -> fields.missing("prompt"));
        if (prompt.isTextual()) {
            characters.add(prompt.textValue(), "prompt");
            return List.of(new TextPrompt(prompt.textValue()));
        }
        if (!prompt.isArray()) {
            throw JsonFields.wrongType("prompt", "a string or an array", prompt);
        }
        if (prompt.isEmpty()) {
            throw fields.invalid("prompt", "expected at least one prompt");
        }
        if (prompt.get(0).isNumber()) {
            return List.of(tokens(prompt, "prompt"));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode element : JsonFields.arrayAt(prompt, "prompt", MAXIMUM_PROMPTS)) {
            String path = "prompt[" + prompts.size() + "]";
            if (prompt.get(0).isArray()) {
                prompts.add(tokens(element, path));
            } else {
                characters.add(JsonFields.text(element, path), path);
                prompts.add(new TextPrompt(element.textValue()));
            }
        }
        return prompts;
    }

    private static Prompt tokens(JsonNode array, String path) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : JsonFields.arrayAt(array, path, MAXIMUM_TOKENS)) {
            ids.add((int) JsonFields.wholeNumber(id, path + "[" + ids.size() + "]", 0, Integer.MAX_VALUE));
        }
        return new TokenPrompt(ids);
    }
}
