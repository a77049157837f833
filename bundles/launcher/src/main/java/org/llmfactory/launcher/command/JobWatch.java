package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import org.llmfactory.launcher.agent.TrainingJobs;
import org.llmfactory.launcher.terminal.Terminal;

/** Tells how a fine-tuning job comes along until it is over. */
final class JobWatch {
    private static final int TOLD_OF = 10;

    private final TrainingJobs jobs;
    private final Terminal terminal;
    private String status = "";
    private int told;

    JobWatch(TrainingJobs jobs, Terminal terminal) {
        this.jobs = jobs;
        this.terminal = terminal;
    }

    /**
     * Waits for the end.
     *
     * @return the job
     * @throws org.llmfactory.launcher.LauncherException when it failed or was cancelled, or did not end in time
     */
    JsonNode untilDone(String id, Duration most) throws InterruptedException {
        return jobs.tracked().untilDone(id, most, this::tell);
    }

    private void tell(JsonNode job) throws InterruptedException {
        String now = job.path("status").asText();
        if (!now.equals(status)) {
            status = now;
            terminal.say("  " + now.replace('_', ' '));
        }
        int steps = job.path("llm_factory").path("plan").path("steps").asInt();
        int step = job.path("llm_factory").path("step").asInt();
        int part = steps == 0 ? 0 : TOLD_OF * step / steps;
        if (part > told) {
            told = part;
            terminal.say(String.format(
                    Locale.ROOT,
                    "  step %d of %d, loss %s",
                    step,
                    steps,
                    loss(job.path("id").asText(), step)));
        }
    }

    private String loss(String id, int step) throws InterruptedException {
        for (JsonNode event : jobs.events(id).path("data")) {
            JsonNode data = event.path("data");
            if (data.path("step").asInt() == step && data.has("train_loss")) {
                return String.format(
                        Locale.ROOT, "%.3f", data.path("train_loss").asDouble());
            }
        }
        return "not told";
    }
}
