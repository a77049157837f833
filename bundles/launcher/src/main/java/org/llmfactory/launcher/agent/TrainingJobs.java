package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.llmfactory.launcher.LauncherException;

/** The fine-tuning jobs of a running agent. */
public final class TrainingJobs {
    private static final String PATH = "/v1/fine_tuning/jobs";
    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled");

    private final AgentClient client;

    public TrainingJobs(AgentClient client) {
        this.client = client;
    }

    /** Uploads training data; the answer is the file with its id. */
    public JsonNode upload(Path file) throws InterruptedException {
        try {
            MultipartForm form =
                    new MultipartForm().field("purpose", "fine-tune").file("file", file);
            return client.post("/v1/files", form.contentType(), form.body());
        } catch (FileNotFoundException e) {
            throw new LauncherException("There is no file " + file + ".", e);
        }
    }

    /** Orders a job, as OpenAI's API takes it. */
    public JsonNode create(Map<String, Object> order) throws InterruptedException {
        return client.post(PATH, order);
    }

    public JsonNode list() throws InterruptedException {
        return client.get(PATH);
    }

    public JsonNode get(String id) throws InterruptedException {
        return client.get(PATH + "/" + id);
    }

    /** Newest first. */
    public JsonNode events(String id) throws InterruptedException {
        return client.get(PATH + "/" + id + "/events?limit=100");
    }

    public JsonNode checkpoints(String id) throws InterruptedException {
        return client.get(PATH + "/" + id + "/checkpoints");
    }

    /** {@code cancel}, {@code pause} or {@code resume}. */
    public JsonNode act(String id, String action) throws InterruptedException {
        return client.post(PATH + "/" + id + "/" + action, Map.of());
    }

    /** Whether a job is over, whatever its outcome. */
    public static boolean isOver(JsonNode job) {
        return ENDS.contains(job.path("status").asText());
    }
}
