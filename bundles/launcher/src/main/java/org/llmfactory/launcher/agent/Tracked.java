package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.Waiting;

/** Things of a running agent that take their time: each has a {@code status}, and ends. */
public final class Tracked {
    private static final Set<String> ENDS = Set.of("completed", "succeeded", "failed", "canceled", "cancelled");

    private final AgentClient client;
    private final String path;
    private final String what;

    /**
     * Those of an agent.
     *
     * @param path of all of them, for example {@code /v1/mixtures/searches}
     * @param what one of them is called
     */
    public Tracked(AgentClient client, String path, String what) {
        this.client = client;
        this.path = path;
        this.what = what;
    }

    /** Hears how one comes along. */
    public interface Listener {
        void hear(JsonNode now) throws InterruptedException;
    }

    /** Uploads rows that models are measured on; the answer is the file with its id. */
    public JsonNode upload(Path rows) throws InterruptedException {
        return TrainingJobs.upload(client, rows, "evals");
    }

    /** Orders one. */
    public JsonNode create(Map<String, ?> order) throws InterruptedException {
        return client.post(path, order);
    }

    public JsonNode list() throws InterruptedException {
        return client.get(path + "?limit=100");
    }

    public JsonNode get(String id) throws InterruptedException {
        return client.get(path + "/" + id);
    }

    /** What belongs to one, for example its {@code trials}. */
    public JsonNode get(String id, String part) throws InterruptedException {
        return client.get(path + "/" + id + "/" + part + "?limit=1000");
    }

    public JsonNode cancel(String id) throws InterruptedException {
        return client.post(path + "/" + id + "/cancel", Map.of());
    }

    public JsonNode delete(String id) throws InterruptedException {
        return client.delete(path + "/" + id);
    }

    /**
     * Waits for the end.
     *
     * @param listener hears of it again and again until then
     * @return how it ended
     * @throws LauncherException when it failed or was canceled, or did not end in time
     */
    public JsonNode untilDone(String id, Duration most, Listener listener) throws InterruptedException {
        Waiting.until(
                most,
                () -> {
                    JsonNode now = get(id);
                    listener.hear(now);
                    return ENDS.contains(now.path("status").asText());
                },
                () -> "The " + what + " " + id + " did not end within " + most.toMinutes() + " minutes; it goes on.");
        JsonNode ended = get(id);
        String status = ended.path("status").asText();
        if (!status.equals("completed") && !status.equals("succeeded")) {
            String reason = ended.path("error").path("message").asText("");
            throw new LauncherException(
                    "The " + what + " " + id + " has " + status + (reason.isEmpty() ? "." : ": " + reason));
        }
        return ended;
    }
}
