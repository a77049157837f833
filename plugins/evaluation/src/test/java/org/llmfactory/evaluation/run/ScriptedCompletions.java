package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Json;

/**
 * Models that are easy to foresee: {@code parrot} repeats what the user said last; all find a token of their favourite
 * letter likely (e⁻¹) and any other not (e⁻³), where a token is a character.
 */
public final class ScriptedCompletions implements Completions {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final char favourite;
    private final ConcurrentLinkedQueue<FactoryException> failures = new ConcurrentLinkedQueue<>();
    public final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    public final List<Caller> callers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Semaphore gate;

    public ScriptedCompletions(char favourite) {
        this.favourite = favourite;
    }

    /** The next requests fail, one each. */
    public void fail(FactoryException... all) {
        failures.addAll(List.of(all));
    }

    /** From now on so many requests are answered only. */
    public Semaphore gate(int permits) {
        Semaphore closed = new Semaphore(permits);
        gate = closed;
        return closed;
    }

    private JsonNode enter(Caller caller, Map<String, Object> request) throws InterruptedException {
        Semaphore now = gate;
        if (now != null) {
            now.acquire();
        }
        FactoryException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        callers.add(caller);
        JsonNode json = Json.MAPPER.valueToTree(request);
        asked.add(json);
        return json;
    }

    private double logprob(char token) {
        return token == favourite ? -1 : -3;
    }

    @Override
    public Map<String, Object> chat(Caller caller, Map<String, Object> request) throws InterruptedException {
        JsonNode json = enter(caller, request);
        JsonNode messages = json.path("messages");
        String said = messages.path(messages.size() - 1).path("content").asText();
        ObjectNode answer = answer(json, said.length());
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", said);
        choice.put("finish_reason", json.path("echo").asBoolean() ? "length" : "stop");
        ArrayNode tokens = choice.putObject("logprobs").putArray("content");
        said.chars().forEach(token -> tokens.addObject().put("logprob", logprob((char) token)));
        return Json.MAPPER.convertValue(answer, MAP);
    }

    @Override
    public Map<String, Object> text(Caller caller, Map<String, Object> request) throws InterruptedException {
        JsonNode json = enter(caller, request);
        ObjectNode answer = answer(json, 10);
        ArrayNode choices = answer.putArray("choices");
        for (JsonNode prompt : json.path("prompt")) {
            String text = prompt.asText();
            ObjectNode choice = choices.addObject().put("text", text);
            ObjectNode logprobs = choice.putObject("logprobs");
            ArrayNode offsets = logprobs.putArray("text_offset");
            ArrayNode values = logprobs.putArray("token_logprobs");
            for (int i = 0; i < text.length(); i++) {
                offsets.add(i);
                if (i == 0) {
                    values.addNull();
                } else {
                    values.add(logprob(text.charAt(i)));
                }
            }
        }
        return Json.MAPPER.convertValue(answer, MAP);
    }

    private static ObjectNode answer(JsonNode request, int tokens) {
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("model", request.path("model").asText());
        answer.putObject("usage")
                .put("prompt_tokens", tokens)
                .put("completion_tokens", 1)
                .put("total_tokens", tokens + 1)
                .putObject("prompt_tokens_details")
                .put("cached_tokens", 2);
        ArrayNode adapters = answer.putObject("llm_factory").putArray("adapters");
        if (request.path("model").asText().startsWith("adapter")) {
            adapters.addObject().put("digest", "d".repeat(64)).put("weight", 1);
        }
        return answer;
    }
}
