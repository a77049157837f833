package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.itest.plugin.PluginJars;
import org.llmfactory.itest.plugin.ShippedPlugin;
import org.llmfactory.launcher.terminal.Terminal;

/** A controller puts plugins onto two nodes, each a process on a machine of its own, while chats stream through them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentIT {
    private static final String ENGINE = "org.llmfactory.inference";
    private static final List<String> NODES = List.of("shared/one", "shared/two");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WAIT = "90s";
    private static final int HEALTH_SECONDS = 3;
    private static final int CHATS = 3;
    private static final int TOKENS = 24;

    @TempDir
    static Path folder;

    private static Machines machines;
    private static Machine controller;
    private static Machine one;
    private static Machine two;
    private static Network network;

    @RegisterExtension
    static final LogsOnFailure LOGS = new LogsOnFailure(() -> machines);

    @BeforeAll
    static void start() throws Exception {
        machines = Machines.create(3);
        controller = machines.get(0);
        one = machines.get(1).withModel();
        two = machines.get(2).withModel();
        network = Network.open(controller);
        network.join(one, "one");
        network.join(two, "two");
        NODES.forEach(network::awaitEngine);
        keygen("signer");
        controller.succeed(
                "plugin", "trust", folder.resolve("signer/signer.pem").toString());
    }

    @AfterAll
    static void stop() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @Test
    @Order(1)
    void whatNobodyTrustedHasSignedIsNotPublished() throws Exception {
        keygen("stranger");
        Path unsigned = PluginJars.hello(folder, "9.0.0");
        Path altered = AlteredJar.of(
                signed(PluginJars.hello(folder, "9.0.1"), "signer"),
                "org/llmfactory/itest/hello/HelloApplication.class");
        Path strange = signed(PluginJars.hello(folder, "9.0.2"), "stranger");

        assertThat(refusal(unsigned)).contains("it is not signed");
        assertThat(refusal(altered)).contains("HelloApplication.class' was altered after it was signed");
        assertThat(refusal(strange)).contains("is not trusted");
        assertThat(controller.json("plugin", "published").findValuesAsText("plugin"))
                .doesNotContain(PluginJars.HELLO);
    }

    @Test
    @Order(2)
    void aPluginIsDeployedToBothNodes() throws Exception {
        publish(PluginJars.hello(folder, "1.0.0"));
        Path description = description("hello", PluginJars.HELLO, "1.0.0");

        JsonNode plan = controller.json("deploy", "plan", description.toString());
        assertThat(agents(plan)).containsExactlyInAnyOrderElementsOf(NODES);
        assertThat(controller
                        .json("deploy", "apply", description.toString(), "--wait", WAIT)
                        .path("state")
                        .asText())
                .isEqualTo("deployed");

        assertRuns("hello", "1.0.0");
        assertThat(hello(one)).isEqualTo("1.0.0");
        assertThat(hello(two)).isEqualTo("1.0.0");
    }

    @Test
    @Order(3)
    void aNewVersionReachesOneNodeAfterTheOtherAndNoRequestFails() throws Exception {
        deploy("hello", PluginJars.hello(folder, "1.0.0"), PluginJars.HELLO, "1.0.0");
        Map<String, Long> seen = new ConcurrentHashMap<>();
        Load load = load();
        try (load) {
            load.with(1, () -> seen.putIfAbsent("one " + hello(one), System.nanoTime()))
                    .with(1, () -> seen.putIfAbsent("two " + hello(two), System.nanoTime()));
            load.awaitMore(50);
            deploy("hello", PluginJars.hello(folder, "2.0.0"), PluginJars.HELLO, "2.0.0");
            load.awaitMore(50);
        }

        assertThat(load.failures()).isEmpty();
        assertRuns("hello", "2.0.0");
        assertThat(seen.keySet()).containsExactlyInAnyOrder("one 1.0.0", "one 2.0.0", "two 1.0.0", "two 2.0.0");
        // The second had to wait until the first had proved itself.
        assertThat(Duration.ofNanos(Math.abs(seen.get("one 2.0.0") - seen.get("two 2.0.0"))))
                .isGreaterThan(Duration.ofSeconds(HEALTH_SECONDS - 1));
    }

    /** The engine, and what answers for it on the node. */
    @ParameterizedTest
    @ValueSource(strings = {ENGINE, ENGINE + ".remote"})
    @Order(4)
    void aNewVersionOfWhatAnswersReachesBothNodesAndNoChatFails(String plugin) throws Exception {
        String name = plugin.replace('.', '-');
        Set<String> routes = ConcurrentHashMap.newKeySet();
        Load load = load();
        try (load) {
            load.awaitMore(10);
            deploy(name, ShippedPlugin.copy("cpu-node", plugin, "0.1.1", folder), plugin, "0.1.1");
            load.with(1, () -> routes.add(node(chat())));
            await("chats on both")
                    .atMost(SOON)
                    .until(() -> routes.size() == 2 || !load.failures().isEmpty());
        }

        assertThat(load.failures()).isEmpty();
        assertRuns(name, "0.1.1");
        for (String node : NODES) {
            await().atMost(SOON).until(() -> network.version(node, plugin).equals("0.1.1"));
        }
        assertThat(routes).containsExactlyInAnyOrderElementsOf(NODES);
    }

    @Test
    @Order(5)
    void aVersionThatIsNotWellIsTakenBackOfItsOwnAccord() throws Exception {
        deploy("hello", PluginJars.hello(folder, "2.0.0"), PluginJars.HELLO, "2.0.0");
        publish(PluginJars.ailing(folder, "3.0.0"));
        Path description = description("hello", PluginJars.HELLO, "3.0.0");
        Shell.Result applied;
        Load load = load();
        try (load) {
            load.with(1, () -> hello(one)).with(1, () -> hello(two));
            load.awaitMore(20);
            applied = controller.factory("deploy", "apply", description.toString(), "--wait", WAIT);
            load.awaitMore(20);
        }

        assertThat(load.failures()).isEmpty();
        assertThat(applied.status()).as(applied.output() + applied.errors()).isEqualTo(1);
        assertThat(applied.output()).contains("was taken back", "the health check 'Ailing' says CRITICAL");
        JsonNode status = controller.json("deploy", "status", "hello");
        assertThat(status.path("reason").asText()).contains("the health check 'Ailing' says CRITICAL");
        assertThat(status.path("rolled_back_from").asInt())
                .isEqualTo(status.path("revision").asInt() - 1);
        assertRuns("hello", "2.0.0");
        assertThat(hello(one)).isEqualTo("2.0.0");
        assertThat(hello(two)).isEqualTo("2.0.0");
    }

    /** Chats through the controller, all the time. */
    private static Load load() {
        return new Load().with(CHATS, DeploymentIT::chat);
    }

    private static EventStream chat() throws Exception {
        EventStream answer = EventStream.chat(controller, "Count to ten.", TOKENS);
        assertThat(answer.awaitEnd()).as(answer.text()).isEqualTo(EventStream.End.DONE);
        assertThat(answer.text()).contains("\"finish_reason\":\"length\"");
        return answer;
    }

    private static String node(EventStream answer) throws Exception {
        String route = answer.route();
        return NODES.stream().filter(route::contains).findFirst().orElse(route);
    }

    private static String hello(Machine node) throws Exception {
        HttpResponse<String> answer = node.administrator().get("/hello");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static void keygen(String name) throws Exception {
        controller.succeed("plugin", "keygen", "--out", folder.resolve(name).toString(), "--name", name);
    }

    private static Path signed(Path jar, String signer) throws Exception {
        controller.succeed(
                "plugin",
                "sign",
                jar.toString(),
                "--key",
                folder.resolve(signer).toString());
        return jar;
    }

    private static String refusal(Path jar) throws Exception {
        Shell.Result result = controller.factory("plugin", "publish", jar.toString());
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        return result.errors();
    }

    private static void publish(Path jar) throws Exception {
        controller.succeed("plugin", "publish", signed(jar, "signer").toString());
    }

    /** Publishes a version, unless that was done before, and deploys it to both nodes. */
    private static void deploy(String name, Path jar, String plugin, String version) throws Exception {
        if (!controller.json("plugin", "published").path("data").findParents("version").stream()
                .anyMatch(published -> published.path("plugin").asText().equals(plugin)
                        && published.path("version").asText().equals(version))) {
            publish(jar);
        }
        JsonNode applied = controller.json(
                "deploy", "apply", description(name, plugin, version).toString(), "--wait", WAIT);
        assertThat(applied.path("state").asText()).as(applied.toPrettyString()).isEqualTo("deployed");
    }

    private static Path description(String name, String plugin, String version) throws Exception {
        return Files.writeString(
                folder.resolve(name + "-" + version + ".json"),
                Terminal.write(Map.of(
                        "name",
                        name,
                        "plugins",
                        List.of(Map.of(
                                "plugin",
                                plugin,
                                "version",
                                "[" + version + "," + version + "]",
                                "count",
                                "everywhere")),
                        "strategy",
                        Map.of("canary", 1, "health_seconds", HEALTH_SECONDS))));
    }

    private static List<String> agents(JsonNode deployment) {
        return deployment.path("plugins").path(0).path("agents").findValuesAsText("agent");
    }

    private static void assertRuns(String name, String version) throws Exception {
        JsonNode status = controller.json("deploy", "status", name);
        JsonNode plugin = status.path("plugins").path(0);
        assertThat(plugin.path("version").asText()).as(status.toPrettyString()).isEqualTo(version);
        assertThat(plugin.path("active").asInt()).as(status.toPrettyString()).isEqualTo(2);
        assertThat(agents(status)).as(status.toPrettyString()).containsExactlyInAnyOrderElementsOf(NODES);
    }
}
