package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.Adapters;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.agent.TrainingJobs;
import org.llmfactory.launcher.load.ClosedLoop;
import org.llmfactory.launcher.load.TokenStream;
import org.llmfactory.launcher.load.TokenStream.Answer;
import org.llmfactory.launcher.terminal.Terminal;
import org.llmfactory.launcher.terminal.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/**
 * The main job, shown: an adapter is trained on the spot, and then it, several others and a mix of them answer in one batch
 * on one base model.
 */
@Command(
        name = "demo",
        description =
                "Train an adapter, and let it, the base model, more adapters and a mix answer the same prompts at once.")
final class DemoCommand implements Callable<Integer> {
    private static final int MAXIMUM_TOKENS = 64;
    private static final Duration TRAINING_TIME = Duration.ofMinutes(15);
    private static final Map<String, Object> TRAINING = Map.of(
            "type",
            "supervised",
            "supervised",
            Map.of("hyperparameters", Map.of("n_epochs", 3, "batch_size", 4, "learning_rate_multiplier", 3)));
    private static final List<String> PROMPTS = List.of(
            "What is high blood pressure?",
            "My mother is 71 and has had a cough for three weeks.",
            "Tell me about the sea in winter.");

    @ParentCommand
    Factory factory = new Factory();

    /** One voice: a label and the part of the request that chooses it. */
    private record Voice(String label, Map<String, Object> choice) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = factory.options.terminal();
        DemoModel.pulled(factory.options, terminal);
        Agent agent = factory.options.agent();
        AgentState state = agent.start(factory.options.port(), "all-in-one");
        AgentClient client = agent.client();
        DemoModel.awaitServed(client);
        List<String> adapters = registerSamples(client);
        terminal.say(
                "Serving " + DemoModel.ID + " with the adapters " + String.join(", ", adapters) + " at " + state.url());
        String trained = train(new TrainingJobs(client), terminal);
        List<Voice> voices = voices(adapters);
        voices.add(1, new Voice("trained now", Map.of("model", trained)));
        List<Map<String, Object>> shown = new ArrayList<>();
        for (String prompt : PROMPTS) {
            shown.add(show(prompt, voices, client, terminal));
        }
        String curl = curl(agent, state, trained);
        terminal.say("\nThe server goes on running. Ask it yourself:\n\n" + curl + "\n\nStop it with: " + stop());
        terminal.answer(
                Map.of("url", state.url(), "adapters", adapters, "trained", trained, "prompts", shown, "curl", curl));
        return 0;
    }

    /** Trains an adapter on the pirate's conversations; its name says what it is called. */
    private String train(TrainingJobs jobs, Terminal terminal) throws InterruptedException {
        Path data = samples().resolve("data").resolve("pirate.jsonl");
        terminal.say("Training an adapter on " + data.getFileName() + ", about a minute on two cores:");
        String file = jobs.upload(data).path("id").asText();
        JsonNode job = jobs.create(
                Map.of("model", DemoModel.ID, "training_file", file, "suffix", "demo", "seed", 1, "method", TRAINING));
        return new JobWatch(jobs, terminal)
                .untilDone(job.path("id").asText(), TRAINING_TIME)
                .path("fine_tuned_model")
                .asText();
    }

    private Path samples() {
        return factory.options.installation().root().resolve("samples").resolve("adapters");
    }

    private List<String> registerSamples(AgentClient client) throws IOException, InterruptedException {
        Path samples = samples();
        List<String> names = new ArrayList<>();
        try (Stream<Path> folders = Files.list(samples)) {
            for (Path folder : folders.sorted().toList()) {
                if (Files.exists(folder.resolve("adapter_config.json"))) {
                    JsonNode adapter =
                            new Adapters(client).add(folder.getFileName().toString(), DemoModel.ID, folder);
                    names.add(adapter.path("name").asText());
                }
            }
        }
        if (names.size() < 2) {
            throw new LauncherException("There are no sample adapters in " + samples + ".");
        }
        return names;
    }

    private static List<Voice> voices(List<String> adapters) {
        List<Voice> voices = new ArrayList<>();
        voices.add(new Voice("base", Map.of("model", DemoModel.ID)));
        adapters.forEach(adapter -> voices.add(new Voice(adapter, Map.of("model", adapter))));
        String first = adapters.get(adapters.size() - 2);
        String second = adapters.get(adapters.size() - 1);
        List<Map<String, Object>> mix =
                List.of(Map.of("id", first, "weight", 0.5), Map.of("id", second, "weight", 0.5));
        voices.add(new Voice("0.5 " + first + " + 0.5 " + second, Map.of("model", DemoModel.ID, "adapters", mix)));
        return voices;
    }

    /** Asks all voices at once, so that they share the engine's batches. */
    private static Map<String, Object> show(String prompt, List<Voice> voices, AgentClient client, Terminal terminal)
            throws InterruptedException {
        terminal.say("\n> " + prompt);
        long start = System.nanoTime();
        List<Answer> answers = ask(prompt, voices, new TokenStream(client));
        double seconds = (System.nanoTime() - start) / 1e9;
        TextTable table = new TextTable(List.of("who", "answer", "tok/s", "first token"));
        Map<String, Object> byVoice = new LinkedHashMap<>();
        for (int i = 0; i < voices.size(); i++) {
            Answer answer = answers.get(i);
            String label = voices.get(i).label();
            table.row(
                    label,
                    answer.text().strip(),
                    String.format("%.1f", answer.tokensPerSecond()),
                    String.format("%.2f s", answer.firstSeconds()));
            byVoice.put(label, answer);
        }
        table.lines().forEach(terminal::say);
        int tokens = answers.stream().mapToInt(Answer::tokens).sum();
        double rate = tokens / seconds;
        terminal.say(String.format("%d answers at once: %d tokens, %.1f tok/s in all", answers.size(), tokens, rate));
        return Map.of("prompt", prompt, "answers", byVoice, "tokens_per_s", rate);
    }

    private static List<Answer> ask(String prompt, List<Voice> voices, TokenStream stream) throws InterruptedException {
        List<Callable<Answer>> requests = new ArrayList<>();
        for (Voice voice : voices) {
            Map<String, Object> request = new LinkedHashMap<>(voice.choice());
            request.put("messages", List.of(Map.of("role", "user", "content", prompt)));
            request.put("max_tokens", MAXIMUM_TOKENS);
            request.put("temperature", 0);
            requests.add(() -> stream.run("/v1/chat/completions", request, piece -> {}));
        }
        return new ClosedLoop(voices.size()).run(requests).answers();
    }

    private String stop() {
        return "./factory down" + (factory.options.home == null ? "" : " --home '" + factory.options.home() + "'");
    }

    private static String curl(Agent agent, AgentState state, String adapter) {
        return "curl -s " + state.url() + "/v1/chat/completions \\\n"
                + "  -H \"Authorization: Bearer $(cat '" + agent.administratorKey() + "')\" \\\n"
                + "  -H 'Content-Type: application/json' \\\n"
                + "  -d '{\"model\": \"" + adapter + "\", \"messages\": [{\"role\": \"user\", \"content\":"
                + " \"What is a fever?\"}], \"max_tokens\": 64}'";
    }
}
