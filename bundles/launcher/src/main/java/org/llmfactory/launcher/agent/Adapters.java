package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.launcher.LauncherException;

/** The adapters of a running agent. */
public final class Adapters {
    private static final String PATH = "/v1/adapters";
    private static final String CONFIGURATION = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    private final AgentClient client;

    public Adapters(AgentClient client) {
        this.client = client;
    }

    public JsonNode list() throws InterruptedException {
        return client.get(PATH);
    }

    /** Registers the adapter in a folder of PEFT's format; the agent checks it and says why when it refuses. */
    public JsonNode add(String name, String base, Path folder) throws InterruptedException {
        return add(name, base, Optional.empty(), folder);
    }

    /**
     * Registers an adapter.
     *
     * @param visibility {@code private}, {@code project} or {@code public}; the agent's default when empty
     */
    public JsonNode add(String name, String base, Optional<String> visibility, Path folder)
            throws InterruptedException {
        try {
            MultipartForm form = new MultipartForm().field("name", name).field("base_model", base);
            visibility.ifPresent(value -> form.field("visibility", value));
            form.file("config", folder.resolve(CONFIGURATION)).file("weights", folder.resolve(WEIGHTS));
            return client.post(PATH, form.contentType(), form.body());
        } catch (FileNotFoundException e) {
            throw new LauncherException(
                    folder + " is no adapter: it needs the files " + CONFIGURATION + " and " + WEIGHTS
                            + " that PEFT's save_pretrained writes.",
                    e);
        }
    }

    /** Shows an adapter to others, or hides it: {@code private}, {@code project} or {@code public}. */
    public JsonNode show(String reference, String visibility) throws InterruptedException {
        return client.post(path(reference), Map.of("visibility", visibility));
    }

    /** All that is known of one: how it was trained, what was measured. */
    public JsonNode card(String reference) throws InterruptedException {
        return client.get(path(reference) + "/card");
    }

    public JsonNode remove(String reference) throws InterruptedException {
        return client.delete(path(reference));
    }

    private static String path(String reference) {
        return PATH + "/" + URLEncoder.encode(reference, StandardCharsets.UTF_8);
    }
}
