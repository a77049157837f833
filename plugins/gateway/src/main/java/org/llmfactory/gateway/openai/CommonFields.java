package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.StopRules;
import org.llmfactory.gateway.model.AdapterReference;
import org.llmfactory.rest.JsonFields;

/** Reads the fields that chat completions and completions have in common. */
public final class CommonFields {
    private static final int MAXIMUM_STOPS = 4;
    private static final int MAXIMUM_LIST = 1024;

    /** OpenAI allows 0, which leaves the likeliest token only; the engine wants a number above it. */
    private static final double SMALLEST_TOP_P = 1e-6;

    private CommonFields() {}

    static CommonRequest read(JsonFields fields, OptionalInt maxTokens, int topLogprobs) {
        boolean stream = fields.flag("stream", false);
        Optional<JsonFields> streamOptions = fields.object("stream_options");
        if (streamOptions.isPresent() && !stream) {
            throw fields.invalid("stream_options", "it is only allowed when 'stream' is true");
        }
        return new CommonRequest(
                fields.requiredString("model"),
                adapters(fields),
                stream,
                streamOptions
                        .map(options -> options.flag("include_usage", false))
                        .orElse(false),
                fields.integer("n", 1, 128).orElse(1),
                sampling(fields, topLogprobs),
                stop(fields),
                maxTokens);
    }

    /** Our extension: {@code "adapters": [{"id": "...", "weight": 0.5}]}. */
    public static Optional<List<AdapterReference>> adapters(JsonFields fields) {
        if (!fields.has("adapters")) {
            return Optional.empty();
        }
        return Optional.of(fields.objects("adapters", MAXIMUM_LIST).stream()
                .map(adapter -> new AdapterReference(
                        adapter.requiredString("id"),
                        (float) adapter.number("weight", -Float.MAX_VALUE, Float.MAX_VALUE)
                                .orElse(1),
                        adapter.path("id")))
                .toList());
    }

    private static SamplingParameters sampling(JsonFields fields, int topLogprobs) {
        return new SamplingParameters(
                (float) fields.number("temperature", 0, 2).orElse(1),
                (float) Math.max(SMALLEST_TOP_P, fields.number("top_p", 0, 1).orElse(1)),
                Math.max(0, fields.integer("top_k", -1, Integer.MAX_VALUE).orElse(0)),
                (float) fields.number("min_p", 0, 1).orElse(0),
                (float) fields.number("repetition_penalty", 0.01, 100).orElse(1),
                (float) fields.number("frequency_penalty", -2, 2).orElse(0),
                (float) fields.number("presence_penalty", -2, 2).orElse(0),
                logitBias(fields),
                fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                topLogprobs);
    }

    private static Map<Integer, Float> logitBias(JsonFields fields) {
        Optional<JsonFields> biases = fields.object("logit_bias");
        if (biases.isEmpty()) {
            return Map.of();
        }
        Map<Integer, Float> byToken = new LinkedHashMap<>();
        for (String token : biases.get().names()) {
            if (!token.matches("[0-9]{1,9}")) {
                throw biases.get().invalid(token, "the keys of logit_bias are token ids");
            }
            byToken.put(Integer.valueOf(token), (float) biases.get()
                    .number(token, -100, 100)
                    .orElseThrow(() -> biases.get().missing(token)));
        }
        return byToken;
    }

    private static StopRules stop(JsonFields fields) {
        List<String> strings =
                fields.node("stop").isPresent() && fields.node("stop").get().isTextual()
                        ? List.of(fields.requiredString("stop"))
                        : fields.strings("stop", MAXIMUM_STOPS);
        if (strings.contains("")) {
            throw fields.invalid("stop", "a stop sequence must not be empty");
        }
        Set<Integer> tokens = new HashSet<>(fields.integers("stop_token_ids", MAXIMUM_LIST, 0, Integer.MAX_VALUE));
        return new StopRules(strings, tokens, fields.flag("ignore_eos", false), false);
    }

    /** The limit on tokens under any of its names; the first one that is there counts. */
    static OptionalInt maxTokens(JsonFields fields, int minimum, String... names) {
        OptionalInt limit = OptionalInt.empty();
        for (String name : names) {
            OptionalInt value = fields.integer(name, minimum, Integer.MAX_VALUE);
            limit = limit.isPresent() ? limit : value;
        }
        return limit;
    }

    /** Whether a field is there and says something else than false, zero, nothing or an empty list. */
    static boolean isSet(JsonFields fields, String name) {
        Optional<JsonNode> node = fields.node(name);
        if (node.isEmpty()) {
            return false;
        }
        JsonNode value = node.get();
        return value.isContainerNode() ? !value.isEmpty() : value.asBoolean(true);
    }
}
