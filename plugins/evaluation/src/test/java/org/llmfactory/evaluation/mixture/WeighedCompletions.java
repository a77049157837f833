package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Json;

/**
 * A model that knows more the nearer the weights of {@code one} and {@code two} are to 0.7 and -0.4: of questions that say
 * how hard they are from 0 to 99, and what the answer is, it knows those that are easy enough.
 */
final class WeighedCompletions implements Completions {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final Pattern QUESTION = Pattern.compile("hard (\\d+), right ([A-D])");

    final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable Semaphore gate;

    /** From now on so many requests are answered only. */
    Semaphore gate(int permits) {
        Semaphore closed = new Semaphore(permits);
        gate = closed;
        return closed;
    }

    static String question(int number, int hardness, char right) {
        return "{\"question\":\"number " + number + ", hard " + hardness + ", right " + right
                + "\",\"options\":[\"w\",\"x\",\"y\",\"z\"],\"answer\":\"" + right + "\"}";
    }

    @Override
    public Map<String, Object> chat(Caller caller, Map<String, Object> request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> text(Caller caller, Map<String, Object> request) throws InterruptedException {
        Semaphore now = gate;
        if (now != null) {
            now.acquire();
        }
        asked.incrementAndGet();
        JsonNode json = Json.MAPPER.valueToTree(request);
        Map<String, Double> weights = new HashMap<>();
        json.path("adapters")
                .forEach(adapter -> weights.put(
                        adapter.path("id").asText(), adapter.path("weight").asDouble()));
        double distance = Math.hypot(weights.getOrDefault("one", 0.0) - 0.7, weights.getOrDefault("two", 0.0) + 0.4);
        ObjectNode answer = Json.MAPPER.createObjectNode().put("model", "base");
        ArrayNode choices = answer.putArray("choices");
        for (JsonNode prompt : json.path("prompt")) {
            String text = prompt.asText();
            Matcher question = QUESTION.matcher(text);
            if (!question.find()) {
                throw new IllegalArgumentException(text);
            }
            boolean right = text.endsWith(question.group(2));
            double logprob = right ? -distance : -1 + Integer.parseInt(question.group(1)) / 100.0;
            ObjectNode logprobs = choices.addObject().put("text", text).putObject("logprobs");
            logprobs.putArray("text_offset").add(0).add(text.length() - 1);
            logprobs.putArray("token_logprobs").addNull().add(logprob);
        }
        return Json.MAPPER.convertValue(answer, MAP);
    }
}
