package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.llmfactory.launcher.terminal.JsonTable;

/** Plans and deployments in words. */
final class DeploymentText {
    private DeploymentText() {}

    static List<String> plan(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        lines.add(plan.path("name").asText() + ", revision "
                + plan.path("revision").asInt() + ":");
        for (JsonNode plugin : plan.path("plugins")) {
            lines.add("");
            lines.add(title(plugin));
            lines.addAll(JsonTable.rows(plugin.path("agents"), "step", "agent"));
            missing(plugin, lines);
        }
        if (!plan.path("removed").isEmpty()) {
            lines.add("");
            lines.addAll(JsonTable.rows(plan.path("removed"), "step", "plugin", "agent"));
        }
        plan.path("ignored").forEach(what -> lines.add("Ignored: " + what.asText()));
        return lines;
    }

    static List<String> status(JsonNode deployment) {
        List<String> lines = new ArrayList<>();
        lines.add(deployment.path("name").asText() + " is "
                + deployment.path("state").asText() + ", revision "
                + deployment.path("revision").asInt());
        if (!deployment.path("reason").asText().isEmpty()) {
            lines.add(deployment.path("reason").asText());
        }
        for (JsonNode plugin : deployment.path("plugins")) {
            lines.add("");
            lines.add(title(plugin));
            lines.addAll(JsonTable.rows(plugin.path("agents"), "agent", "state", "changed_at", "reason"));
            missing(plugin, lines);
        }
        if (!deployment.path("surplus").isEmpty()) {
            lines.add("");
            lines.add("Wanted no more:");
            lines.addAll(JsonTable.rows(deployment.path("surplus"), "agent", "plugin", "state", "reason"));
        }
        return lines;
    }

    private static String title(JsonNode plugin) {
        return plugin.path("plugin").asText() + " " + plugin.path("version").asText() + ", wanted: "
                + plugin.path("wanted").asText();
    }

    private static void missing(JsonNode plugin, List<String> lines) {
        if (plugin.path("missing").asInt() > 0) {
            lines.add(plugin.path("missing").asInt() + " missing. The others:");
        }
        if (!plugin.path("others").isEmpty()) {
            lines.addAll(JsonTable.rows(plugin.path("others"), "agent", "reason"));
        }
    }

    /** What there is to tell of a deployment at a moment; the same is the same text. */
    static Stream<String> events(JsonNode deployment) {
        String revision = "revision " + deployment.path("revision").asInt() + ": ";
        Stream<String> agents = stream(deployment.path("plugins"))
                .flatMap(plugin -> stream(plugin.path("agents")))
                .filter(agent -> !agent.path("state").asText().equals("planned"))
                .map(agent -> revision + agent.path("agent").asText() + " "
                        + agent.path("state").asText() + " "
                        + agent.path("plugin").asText()
                        + JsonTable.text(agent, "reason").replaceFirst("(?=.)", ": "));
        Stream<String> waiting = stream(deployment.path("plugins"))
                .filter(plugin -> plugin.path("missing").asInt() > 0)
                .map(plugin -> revision + plugin.path("missing").asInt() + " agents are missing for "
                        + plugin.path("plugin").asText());
        return Stream.concat(agents, waiting);
    }

    /** Whether a revision that was asked for holds and runs. */
    static boolean succeeded(JsonNode deployment, int revision) {
        return deployment.path("state").asText().equals("deployed")
                && deployment.path("revision").asInt() == revision;
    }

    /** What came of a revision that was asked for. */
    static List<String> outcome(JsonNode deployment, int revision) {
        String name = deployment.path("name").asText();
        int holding = deployment.path("revision").asInt();
        String reason = deployment.path("reason").asText();
        if (succeeded(deployment, revision)) {
            return List.of(name + " has revision " + revision + " now");
        }
        if (deployment.path("rolled_back_from").asInt() == revision && revision > 0) {
            return List.of(
                    "Revision " + revision + " failed and was taken back; revision " + holding + " holds. " + reason);
        }
        if (deployment.path("state").asText().equals("halted")) {
            return List.of("Revision " + holding + " failed, and nothing more is done for it. " + reason);
        }
        return List.of(name + " is " + deployment.path("state").asText() + ", revision " + holding
                + ". Follow it: ./factory deploy status " + name);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
