package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.generation.StopRules;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.AdapterReference;
import org.llmfactory.gateway.openai.CommonFields;
import org.llmfactory.rest.JsonFields;

/** Reads LoRAX's generate requests. */
final class LoraxRequestParser {
    private static final int MAXIMUM_STOPS = 4;
    private static final int MAXIMUM_LIST = 1024;
    private static final Set<String> SOURCES = Set.of("hub", "local", "s3", "pbase");

    private LoraxRequestParser() {}

    /** @param stream whether the URL asks for events; empty where the body says it */
    static LoraxRequest parse(ObjectNode body, Optional<Boolean> stream, RequestLimits limits) {
        JsonFields fields = JsonFields.of(body);
        String inputs = fields.requiredString("inputs");
        if (inputs.isEmpty()) {
            throw fields.invalid("inputs", "it cannot be empty");
        }
        limits.characters().add(inputs, "inputs");
        JsonFields parameters =
                fields.object("parameters").orElseGet(() -> JsonFields.of(JsonNodeFactory.instance.objectNode()));
        refuseUnsupported(parameters);
        boolean streamed = stream.orElseGet(() -> fields.flag("stream", false));
        boolean prefill = parameters.flag("decoder_input_details", false);
        boolean details = parameters.flag("details", false) || prefill;
        boolean sampled = isSampled(parameters);
        int bestOf = bestOf(parameters, sampled, streamed);
        if (prefill && streamed) {
            throw parameters.invalid("decoder_input_details", "it is not supported when streaming tokens");
        }
        OptionalInt alternatives = parameters.integer("return_k_alternatives", 1, 20);
        boolean logprobs = details || streamed || bestOf > 1 || alternatives.isPresent();
        SamplingParameters sampling = sampling(parameters, sampled, logprobs ? alternatives.orElse(0) : -1);
        Optional<List<AdapterReference>> adapters = adapters(fields, parameters);
        return new LoraxRequest(
                inputs,
                parameters.string("adapter_id").orElse(""),
                adapters,
                source(parameters),
                new GenerationOptions(
                        sampling,
                        stop(parameters),
                        parameters.integer("max_new_tokens", 1, Integer.MAX_VALUE),
                        prefill),
                bestOf,
                parameters.integer("truncate", 1, Integer.MAX_VALUE),
                streamed,
                details,
                prefill,
                parameters.flag("return_full_text", false),
                parameters.flag("apply_chat_template", false));
    }

    private static void refuseUnsupported(JsonFields parameters) {
        if (parameters.has("typical_p")) {
            throw parameters.unsupported("typical_p", "Typical sampling is not done here; use top_p.");
        }
        if (parameters.flag("watermark", false)) {
            throw parameters.unsupported("watermark", "Watermarks are not made here.");
        }
        if (parameters.has("response_format") || parameters.has("schema")) {
            throw parameters.unsupported(
                    parameters.has("schema") ? "schema" : "response_format",
                    "Structured output is not supported by this server yet.");
        }
    }

    private static String source(JsonFields parameters) {
        String source = parameters.string("adapter_source").orElse("local");
        if (!SOURCES.contains(source)) {
            throw parameters.invalid("adapter_source", "expected one of hub, local, s3, pbase");
        }
        return source;
    }

    /** As LoRAX decides it: asked for, or any sampling parameter set. A temperature of zero is greedy. */
    private static boolean isSampled(JsonFields parameters) {
        OptionalDouble temperature = parameters.number("temperature", 0, 2);
        if (temperature.isPresent() && temperature.getAsDouble() == 0) {
            return false;
        }
        return parameters.flag("do_sample", false)
                || temperature.isPresent()
                || parameters.has("top_k")
                || parameters.has("top_p");
    }

    private static int bestOf(JsonFields parameters, boolean sampled, boolean streamed) {
        int bestOf = parameters.integer("best_of", 1, 20).orElse(1);
        if (bestOf > 1 && !sampled) {
            throw parameters.invalid("best_of", "you must use sampling when it is above 1");
        }
        if (bestOf > 1 && streamed) {
            throw parameters.invalid("best_of", "it must be 1 when streaming tokens");
        }
        if (bestOf > 1 && parameters.has("seed")) {
            throw parameters.invalid("seed", "it must not be set when best_of is above 1");
        }
        return bestOf;
    }

    private static SamplingParameters sampling(JsonFields parameters, boolean sampled, int topLogprobs) {
        float temperature = (float) parameters.number("temperature", 0, 2).orElse(1);
        OptionalLong seed = parameters.longInteger("seed", 0, Long.MAX_VALUE);
        if (sampled && seed.isEmpty()) {
            // Picked here, so that the details can tell it.
            seed = OptionalLong.of(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        }
        return new SamplingParameters(
                sampled ? temperature : 0,
                (float) parameters.number("top_p", 1e-6, 1).orElse(1),
                parameters.integer("top_k", 1, Integer.MAX_VALUE).orElse(0),
                0,
                (float) parameters.number("repetition_penalty", 0.01, 100).orElse(1),
                (float) parameters.number("frequency_penalty", -2, 2).orElse(0),
                (float) parameters.number("presence_penalty", -2, 2).orElse(0),
                Map.of(),
                seed,
                topLogprobs);
    }

    /** LoRAX, unlike OpenAI, leaves the stop text in the answer. */
    private static StopRules stop(JsonFields parameters) {
        List<String> stops = parameters.strings("stop", MAXIMUM_STOPS);
        if (stops.contains("")) {
            throw parameters.invalid("stop", "a stop sequence must not be empty");
        }
        return new StopRules(stops, Set.of(), parameters.flag("ignore_eos_token", false), true);
    }

    private static Optional<List<AdapterReference>> adapters(JsonFields fields, JsonFields parameters) {
        List<List<AdapterReference>> mixes = new ArrayList<>();
        CommonFields.adapters(fields).ifPresent(mixes::add);
        CommonFields.adapters(parameters).ifPresent(mixes::add);
        for (String name : List.of("merged_adapters", "adapter_parameters")) {
            parameters.object(name).map(LoraxRequestParser::merged).ifPresent(mixes::add);
        }
        boolean single =
                parameters.string("adapter_id").filter(id -> !id.isEmpty()).isPresent();
        if (mixes.size() + (single ? 1 : 0) > 1) {
            throw parameters.invalid(
                    "adapter_id", "at most one of 'adapter_id', 'merged_adapters' and 'adapters' may be given");
        }
        return mixes.stream().findFirst();
    }

    /** The exact weighted sum. The other strategies make a new adapter out of several, which this server does not. */
    private static List<AdapterReference> merged(JsonFields merged) {
        String strategy = merged.string("merge_strategy").orElse("linear");
        if (!strategy.toLowerCase(Locale.ROOT).equals("linear")) {
            throw merged.unsupported(
                    "merge_strategy",
                    "Only 'linear' is, which is the exact weighted sum of the adapters; '" + strategy + "' is not.");
        }
        List<String> ids = merged.strings("ids", MAXIMUM_LIST);
        List<JsonNode> weights = merged.node("weights")
                .map(node -> JsonFields.arrayAt(node, merged.path("weights"), MAXIMUM_LIST))
                .orElse(List.of());
        if (ids.isEmpty()) {
            throw merged.invalid("ids", "at least one adapter id must be given");
        }
        if (ids.size() != weights.size()) {
            throw merged.invalid("weights", "the number of weights must be that of the ids");
        }
        List<AdapterReference> mix = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            JsonNode weight = weights.get(i);
            if (!weight.isNumber()) {
                throw JsonFields.wrongType(merged.path("weights") + "[" + i + "]", "a number", weight);
            }
            mix.add(new AdapterReference(ids.get(i), weight.floatValue(), merged.path("ids") + "[" + i + "]"));
        }
        return mix;
    }
}
