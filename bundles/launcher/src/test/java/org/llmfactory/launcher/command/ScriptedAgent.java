package org.llmfactory.launcher.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine;

/** Stands in for the agent of a home: answers what it was told to, and remembers what it was asked. */
final class ScriptedAgent implements AutoCloseable {
    /** What was asked; the path with its query. */
    record Asked(
            String line,
            String text,
            @Nullable String key,
            @Nullable String project) {
        JsonNode body() {
            try {
                return Terminal.JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }
    }

    /** What a command came to. */
    record Result(int exitCode, String out, String err) {}

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final Path home;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    ScriptedAgent(Path home) throws IOException {
        this.home = home;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().orElseThrow().toEpochMilli();
        AgentState state =
                new AgentState(self.pid(), started, server.getAddress().getPort(), "all-in-one");
        Files.writeString(home.resolve("agent.json"), Terminal.write(state));
        Files.writeString(home.resolve("admin.key"), "administrator\n");
    }

    /** Answers a request, for example {@code GET /v1/presets}, whatever its query. Told again, it is the next answer. */
    ScriptedAgent on(String line, String body) {
        return on(line, 200, body);
    }

    ScriptedAgent on(String line, int status, String body) {
        answers.computeIfAbsent(line, unknown -> new ConcurrentLinkedDeque<>()).add(new Answer(status, body));
        return this;
    }

    /** A header of every answer. */
    ScriptedAgent header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    Asked last() {
        return asked.get(asked.size() - 1);
    }

    /** Runs a command of {@code ./factory} on the home. */
    Result run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        StringWriter usage = new StringWriter();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            CommandLine commandLine = Factory.commandLine();
            commandLine.setErr(new PrintWriter(usage, true));
            int exitCode = commandLine.execute(onHome(arguments));
            return new Result(
                    exitCode,
                    said.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8) + usage);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String[] onHome(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--home", home.toString()));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(new Asked(
                exchange.getRequestMethod() + " " + path + (query == null ? "" : "?" + query),
                new String(body, StandardCharsets.UTF_8),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("OpenAI-Project")));
        Answer answer = next(exchange.getRequestMethod() + " " + path);
        headers.forEach(exchange.getResponseHeaders()::add);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The last one is given again and again. */
    private Answer next(String line) {
        Deque<Answer> told = answers.getOrDefault(line, new ConcurrentLinkedDeque<>());
        Answer answer = told.size() > 1 ? told.poll() : told.peek();
        return answer == null ? new Answer(404, "{\"error\": {\"message\": \"nothing at " + line + "\"}}") : answer;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
