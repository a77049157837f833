package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.Terminal;

/** Agents in words. */
final class AgentText {
    private static final double GIB = 1L << 30;

    private AgentText() {}

    /** A row for each agent. */
    static List<String> table(JsonNode agents) {
        return JsonTable.rows(
                stream(agents).<JsonNode>map(AgentText::row).toList(),
                "address",
                "state",
                "feature",
                "region",
                "labels",
                "cores",
                "load",
                "models",
                "heard_at");
    }

    private static ObjectNode row(JsonNode agent) {
        return overview(agent).put("models", models(agent).collect(Collectors.joining(", ")));
    }

    private static ObjectNode overview(JsonNode agent) {
        JsonNode load = agent.path("load");
        ObjectNode shown = Terminal.JSON.createObjectNode();
        shown.put("address", JsonTable.text(agent, "address"));
        shown.put("state", agent.path("alive").asBoolean() ? "alive" : "silent");
        shown.put("feature", JsonTable.text(agent, "feature"));
        shown.put("region", JsonTable.text(agent, "region"));
        shown.put("labels", labels(agent.path("labels")));
        shown.set("cores", agent.path("hardware").path("cores"));
        shown.put("load", Math.round(100 * load.path("processor").asDouble()) + " %");
        shown.set("heard_at", agent.path("heard_at"));
        return shown;
    }

    /** Everything that an agent has said, what it has several of as tables. */
    static List<String> details(JsonNode agent) {
        JsonNode hardware = agent.path("hardware");
        JsonNode load = agent.path("load");
        ObjectNode shown = overview(agent);
        shown.set("started_at", agent.path("started_at"));
        shown.put("system", JsonTable.text(hardware, "system"));
        shown.put("processor", JsonTable.text(hardware, "processor"));
        shown.put("memory", share(load.path("memory_free_bytes"), hardware.path("memory_bytes")));
        shown.put("disk", share(load.path("disk_free_bytes"), hardware.path("disk_bytes")));
        shown.put("heap", gib(load.path("heap_used_bytes")) + " GiB in use");
        shown.put("gpus", gpus(hardware.path("gpus")));
        List<String> lines = new ArrayList<>(JsonTable.fields(shown));
        lines.add("");
        if (agent.path("engines").isEmpty()) {
            lines.add("It serves no model.");
        } else {
            lines.addAll(JsonTable.rows(
                    stream(agent.path("engines"))
                            .<JsonNode>map(AgentText::engine)
                            .toList(),
                    "model",
                    "device",
                    "adapters",
                    "running",
                    "waiting",
                    "digest"));
        }
        lines.add("");
        lines.addAll(JsonTable.rows(agent.path("plugins"), "plugin=symbolic_name", "version", "state", "deployed"));
        return lines;
    }

    private static JsonNode engine(JsonNode engine) {
        ObjectNode shown = engine.deepCopy();
        return shown.put("adapters", engine.path("resident_adapters").size() + " in memory");
    }

    private static String gpus(JsonNode gpus) {
        return gpus.isEmpty() ? "none" : stream(gpus).map(AgentText::gpu).collect(Collectors.joining(", "));
    }

    private static String gpu(JsonNode gpu) {
        long bytes = gpu.path("memory_bytes").asLong();
        return JsonTable.text(gpu, "name") + (bytes == 0 ? "" : " (" + gib(gpu.path("memory_bytes")) + " GiB)");
    }

    private static String share(JsonNode free, JsonNode all) {
        return gib(free) + " of " + gib(all) + " GiB free";
    }

    private static String gib(JsonNode bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes.asLong() / GIB);
    }

    private static Stream<String> models(JsonNode agent) {
        return stream(agent.path("engines")).map(engine -> JsonTable.text(engine, "model"));
    }

    private static String labels(JsonNode labels) {
        return labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(", "));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
