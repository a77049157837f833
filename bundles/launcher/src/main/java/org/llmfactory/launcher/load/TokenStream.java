package org.llmfactory.launcher.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.terminal.Terminal;

/** Sends a request of OpenAI's shape and reads its server-sent events with a clock in hand. */
public final class TokenStream {
    private static final String DATA = "data: ";
    private static final String DONE = "[DONE]";

    /**
     * A request that was answered.
     *
     * @param text all of it
     * @param tokens generated
     * @param firstSeconds until the first piece of text came
     * @param seconds until the end
     */
    public record Answer(String text, int tokens, double firstSeconds, double seconds) {
        /** Tokens a second after the first one. */
        public double tokensPerSecond() {
            return tokens > 1 ? (tokens - 1) / (seconds - firstSeconds) : 0;
        }
    }

    private final AgentClient client;

    public TokenStream(AgentClient client) {
        this.client = client;
    }

    /** Sends {@code request} with streaming on; {@code listener} hears each piece of text. */
    public Answer run(String path, Map<String, ?> request, Consumer<String> listener) throws InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(request);
        body.put("stream", true);
        body.put("stream_options", Map.of("include_usage", true));
        long start = System.nanoTime();
        double first = 0;
        int tokens = 0;
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.stream(path, body), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !line.equals(DATA + DONE); line = lines.readLine()) {
                if (line.startsWith(DATA)) {
                    JsonNode event = event(line.substring(DATA.length()));
                    if (first == 0 && event.path("choices").size() > 0 && isToken(event)) {
                        first = since(start);
                    }
                    String piece = piece(event);
                    text.append(piece);
                    listener.accept(piece);
                    tokens = event.path("usage").path("completion_tokens").asInt(tokens);
                }
            }
        } catch (IOException e) {
            throw new LauncherException("The answer broke off: " + e.getMessage(), e);
        }
        return new Answer(text.toString(), tokens, first, since(start));
    }

    private static JsonNode event(String data) throws JsonProcessingException {
        JsonNode event = Terminal.JSON.readTree(data);
        if (event.has("error")) {
            throw new LauncherException(event.path("error").path("message").asText("The server reported an error."));
        }
        return event;
    }

    /** The first event of a chat only names the role. */
    private static boolean isToken(JsonNode event) {
        JsonNode choice = event.path("choices").path(0);
        return choice.has("text")
                || choice.path("delta").path("content").asText("").length() > 0;
    }

    private static String piece(JsonNode event) {
        JsonNode choice = event.path("choices").path(0);
        return choice.has("text")
                ? choice.path("text").asText("")
                : choice.path("delta").path("content").asText("");
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
