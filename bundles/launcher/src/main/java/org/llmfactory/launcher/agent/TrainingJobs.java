package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.llmfactory.launcher.LauncherException;

/** The fine-tuning jobs of a running agent. */
public final class TrainingJobs {
    private static final String PATH = "/v1/fine_tuning/jobs";

    private final AgentClient client;

    public TrainingJobs(AgentClient client) {
        this.client = client;
    }

    /** Uploads training data; the answer is the file with its id. */
    public JsonNode upload(Path file) throws InterruptedException {
        return upload(client, file, "fine-tune");
    }

    /**
     * Uploads a file.
     *
     * @param purpose OpenAI's word for what it is for
     */
    static JsonNode upload(AgentClient client, Path file, String purpose) throws InterruptedException {
        try {
            MultipartForm form = new MultipartForm().field("purpose", purpose).file("file", file);
            return client.post("/v1/files", form.contentType(), form.body());
        } catch (FileNotFoundException e) {
            throw new LauncherException("There is no file " + file + ".", e);
        }
    }

    /** Orders a job, as OpenAI's API takes it. */
    public JsonNode create(Map<String, ?> order) throws InterruptedException {
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

    /** Orders the same run again, from its record. */
    public JsonNode reproduce(String id) throws InterruptedException {
        return client.post(PATH + "/" + id + "/record/reproduce", Map.of());
    }

    /** Jobs side by side. */
    public JsonNode compare(List<String> ids) throws InterruptedException {
        return client.get("/v1/fine_tuning/compare?jobs=" + String.join(",", ids));
    }

    /**
     * Writes a job's record to a file, whole or not at all.
     *
     * @param format {@code json}, {@code csv} or {@code mlflow}
     */
    public void export(String id, String format, Path target) throws InterruptedException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (InputStream record = client.download(PATH + "/" + id + "/record?format=" + format)) {
            Files.copy(record, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LauncherException("The record cannot be written to " + target + ": " + e, e);
        }
    }

    /** The same, to be waited for. */
    public Tracked tracked() {
        return new Tracked(client, PATH, "job");
    }
}
