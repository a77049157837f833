package org.llmfactory.fleet.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.agent.testing.InMemoryPluginManager;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentLabels;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.fleet.roster.Reports;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.testing.HttpContainer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** A controller in the container of the product that reports to itself, and a node of the test. */
class FleetOverHttpTest {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/region-1");
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final InMemoryLedger LEDGER = new InMemoryLedger();
    private static final InMemoryDataPlane NETWORK = new InMemoryDataPlane();
    private static final CountingLogs LOGS = new CountingLogs();
    private static HttpContainer container;

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        container = new HttpContainer(Set.of("org.llmfactory.agent"));
        BundleContext context = container.context();
        Authenticator authenticator = new InMemoryAuthenticator()
                .allow("operator", InMemoryAuthenticator.ADMINISTRATOR)
                .allow("member", InMemoryAuthenticator.USER);
        context.registerService(Authenticator.class, authenticator, null);
        context.registerService(Home.class, new FolderHome(home), null);
        PluginManager plugins = new InMemoryPluginManager();
        plugins.deploy(Path.of("org.example.plugin.jar"));
        context.registerService(PluginManager.class, plugins, null);
        context.registerService(Ledger.class, LEDGER, null);
        context.registerService(ControlPlane.class, new ScriptedControlPlane(), null);
        NETWORK.offer(NODE, LOGS);
        await().atMost(DEADLINE).until(() -> context.getAllServiceReferences(Fleet.class.getName(), null) != null);
        NETWORK.offer(CONTROLLER, container.service(StreamService.class));
        context.registerService(Membership.class, new FixedMembership(CONTROLLER), null);
        context.registerService(DataPlane.class, NETWORK.of(CONTROLLER), null);
        join();
        for (String path : new String[] {"/admin/agents", "/admin/network/health", "/metrics"}) {
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .atMost(DEADLINE)
                    .until(() -> get(path, "operator").statusCode() == 200);
        }
    }

    private static void join() throws InterruptedException {
        AgentStream stream = NETWORK.of(NODE)
                .open(
                        CONTROLLER,
                        ReportMessages.SERVICE,
                        Lane.LIVE,
                        ReportMessages.opening(Instant.EPOCH),
                        new Silent(),
                        DEADLINE);
        ReportMessages.report(Reports.of("region-1", Instant.EPOCH, Map.of("rack", "7"), 2))
                .forEach(stream::send);
    }

    @AfterAll
    static void stop() throws IOException {
        container.close();
        NETWORK.close();
    }

    private static HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(container.uri(path)).timeout(DEADLINE).header("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> get(String path, String key) throws IOException, InterruptedException {
        return CLIENT.send(request(path, key).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String key, String body) throws Exception {
        return CLIENT.send(
                request(path, key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws Exception {
        return Json.MAPPER.readTree(get(path, "operator").body());
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/agents",
        "/admin/agents/shared/node-1",
        "/admin/agents/shared/node-1/actions",
        "/admin/agents/shared/node-1/logs",
        "/admin/network/health"
    })
    void onlyThoseWhoOperateThePlatformAreAnswered(String path) throws Exception {
        assertThat(get(path, "operator").statusCode()).isEqualTo(200);
        assertThat(get(path, "member").statusCode()).isEqualTo(403);
        assertThat(get(path, "nobody").statusCode()).isEqualTo(401);
    }

    @Test
    void onlyThoseWhoOperateThePlatformAskForActions() throws Exception {
        assertThat(post("/admin/agents/shared/node-1/actions/echo", "member", "{}")
                        .statusCode())
                .isEqualTo(403);
    }

    /** The hardware comes from the operating system, through native code that a bundle has inside. */
    @Test
    void theControllerIsInItsOwnFleetWithItsHardware() throws Exception {
        await().atMost(DEADLINE)
                .until(() -> !json("/admin/agents/platform/region-1")
                        .at("/hardware/processor")
                        .asText()
                        .isEmpty());
        JsonNode controller = json("/admin/agents/platform/region-1");

        assertThat(controller.get("alive").booleanValue()).isTrue();
        assertThat(controller.get("region").textValue()).isEqualTo("region-1");
        assertThat(controller.at("/hardware/cores").intValue())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(controller.at("/hardware/memory_bytes").longValue()).isPositive();
        assertThat(controller.at("/load/heap_used_bytes").longValue()).isPositive();
    }

    @Test
    void whatRunsOnAnAgentAndWhatItIsCalledIsReported() throws Exception {
        ScriptedInferenceEngine engine = ScriptedInferenceEngine.answering(
                new ModelInfo("tiny", "1".repeat(64), "llama", 100, 100, Instant.EPOCH), 1);
        BundleContext context = container.context();
        AgentLabels labels = () -> Map.of("rack", "9");
        List<ServiceRegistration<?>> services = List.of(
                context.registerService(InferenceEngine.class, engine, null),
                context.registerService(
                        InferenceEngine.class,
                        engine,
                        FrameworkUtil.asDictionary(Map.of(InferenceEngine.AGENT, "shared/node-2"))),
                context.registerService(AgentLabels.class, labels, null));
        await().atMost(DEADLINE)
                .until(() -> json("/admin/agents/platform/region-1")
                        .at("/labels/rack")
                        .asText()
                        .equals("9"));
        await().atMost(DEADLINE)
                .until(() ->
                        json("/admin/agents/platform/region-1").get("engines").size() == 1);
        JsonNode controller = json("/admin/agents/platform/region-1");

        assertThat(controller.at("/engines/0/model").textValue()).isEqualTo("tiny");
        assertThat(controller.at("/plugins/0/symbolic_name").textValue()).isEqualTo("org.example.plugin");
        services.forEach(ServiceRegistration::unregister);
        await().atMost(DEADLINE)
                .until(() ->
                        json("/admin/agents/platform/region-1").get("engines").isEmpty());
        engine.close();
    }

    @Test
    void aMemberHasAHealthCheckOfItsNetwork() throws Exception {
        await().atMost(DEADLINE)
                .until(() -> container
                                .context()
                                .getAllServiceReferences("org.apache.felix.hc.api.HealthCheck", "(hc.name=Network)")
                        != null);
        ServiceReference<?> check = container.context()
                .getAllServiceReferences("org.apache.felix.hc.api.HealthCheck", "(hc.name=Network)")[0];

        assertThat(check.getProperty("hc.tags")).isEqualTo("network");
    }

    @Test
    void agentsAreListed() throws Exception {
        await().atMost(DEADLINE).until(() -> json("/admin/agents").get("data").size() == 2);
        JsonNode list = json("/admin/agents?tenant=shared");

        assertThat(list.get("object").textValue()).isEqualTo("list");
        assertThat(list.at("/data/0/object").textValue()).isEqualTo("agent");
        assertThat(list.at("/data/0/address").textValue()).isEqualTo("shared/node-1");
        assertThat(list.at("/data/0/labels/rack").textValue()).isEqualTo("7");
        assertThat(list.at("/data/0/engines/0/resident_adapters").isArray()).isTrue();
        assertThat(list.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void anAgentThatFallsSilentIsSeenAndEntered() throws Exception {
        await().atMost(DEADLINE)
                .until(() -> !json("/admin/agents/shared/node-1").get("alive").booleanValue());
        await().atMost(DEADLINE).until(() -> LEDGER.types().contains("agent.lost"));
        JsonNode health = json("/admin/network/health");

        assertThat(health.get("object").textValue()).isEqualTo("network.health");
        assertThat(health.get("status").textValue()).isEqualTo("degraded");
        assertThat(health.at("/regions/0/silent_agents/0").textValue()).isEqualTo("shared/node-1");
    }

    @Test
    void actionsAreListedAndAskedFor() throws Exception {
        assertThat(json("/admin/agents/shared/node-1/actions")
                        .at("/actions/0/name")
                        .textValue())
                .isEqualTo("echo");
        HttpResponse<String> answer =
                post("/admin/agents/shared/node-1/actions/echo?timeout_seconds=5", "operator", "{\"a\":1}");

        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(LEDGER.types()).contains("agent.action.called");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(post("/admin/agents/shared/node-1/actions/none", "operator", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post("/admin/agents/shared/node-1/actions/echo", "operator", "[1")
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("/admin/agents/shared/absent", "operator").statusCode()).isEqualTo(404);
        assertThat(get("/admin/agents?alive=perhaps", "operator").statusCode()).isEqualTo(400);
        assertThat(get("/admin/agents/shared/node-1/logs?level=loud", "operator")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void theLogIsAStreamOfEvents() throws Exception {
        HttpResponse<String> log =
                get("/admin/agents/shared/node-1/logs?plugin=org.llmfactory.inference&level=warn&lines=7", "operator");

        assertThat(log.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(log.body()).isEqualTo("""
                        data: {"message":"line 0"}

                        data: {"message":"line 1"}

                        data: {"message":"line 2"}

                        """);
        assertThat(LOGS.requests)
                .anySatisfy(
                        request -> assertThat(Json.MAPPER.readTree(request))
                                .isEqualTo(
                                        Json.MAPPER.readTree(
                                                "{\"plugin\":\"org.llmfactory.inference\",\"level\":\"warn\",\"follow\":false,\"lines\":7}")));
    }

    @Test
    void whoFollowsALogIsGoneWhenHeGoes() throws Exception {
        HttpResponse<InputStream> log = CLIENT.send(
                request("/admin/agents/shared/node-1/logs?follow=true", "operator")
                        .build(),
                BodyHandlers.ofInputStream());
        try (InputStream body = log.body()) {
            assertThat(new String(body.readNBytes(28), StandardCharsets.UTF_8)).contains("line 0");
        }

        // A reader who has gone is noticed when there is something to write, at the latest a keep-alive.
        await().atMost(DEADLINE).until(() -> LOGS.readerHasGone);
    }

    @Test
    void theFleetIsAmongTheMetrics() throws Exception {
        await().atMost(DEADLINE).until(() -> get("/metrics", "operator").body().contains("llmfactory_fleet_agents{"));
        String metrics = get("/metrics", "operator").body();

        assertThat(metrics).contains("llmfactory_fleet_messages_total{kind=\"beat\"}");
        assertThat(metrics).contains("llmfactory_network_controllers 1.0");
        assertThat(metrics).contains("llmfactory_network_certificate_remaining_seconds ");
    }

    private static final class Silent implements StreamListener {
        @Override
        public void onMessage(byte[] message) {}

        @Override
        public void onEnd() {}

        @Override
        public void onFailure(FactoryException reason) {}
    }
}
