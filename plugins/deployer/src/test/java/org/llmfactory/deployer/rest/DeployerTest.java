package org.llmfactory.deployer.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.deployer.testing.Agents.HELLO;
import static org.llmfactory.deployer.testing.Agents.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.access.Action;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.deployer.description.DescriptionSchema;
import org.llmfactory.deployer.reconcile.Config;
import org.llmfactory.deployer.reconcile.Deployer;
import org.llmfactory.deployer.testing.NamedSignatures;
import org.llmfactory.deployer.testing.ScriptedNode;
import org.llmfactory.deployer.testing.Term;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.FactoryApplication;
import org.llmfactory.rest.Json;

/** The plugin as a whole, with its own thread, asked over its resources. */
class DeployerTest {
    private static final SecurityContext ADMINISTRATOR = Callers.securityContext(Caller.platform(), "127.0.0.1", false);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final CleanDatabase database = new CleanDatabase();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final InMemoryFleet fleet = new InMemoryFleet();
    private final InMemoryControlPlane control = new InMemoryControlPlane();
    private final NamedSignatures signatures = new NamedSignatures();
    private Deployer deployer;
    private DeploymentsResource deployments;
    private RepositoryResource repository;
    private ScriptedNode one;
    private ScriptedNode two;

    @BeforeEach
    void start() {
        one = new ScriptedNode(node(1), control, fleet);
        two = new ScriptedNode(node(2), control, fleet);
        deployer = new Deployer(
                database,
                new InMemoryObjectStore(),
                new FolderHome(folder),
                signatures,
                ledger,
                fleet,
                new Term(1),
                impatient(),
                Clock.systemUTC());
        deployer.connect(control.of(new AgentAddress(AgentAddress.PLATFORM, "main")));
        fleet.listen(deployer);
        DescriptionSchema schema = new DescriptionSchema();
        deployments = new DeploymentsResource(
                deployer.store(), deployer.worlds(), new Resolution(deployer.repository(), schema), schema);
        repository = new RepositoryResource(deployer.repository());
    }

    @AfterEach
    void stop() {
        deployer.close();
        control.close();
        database.close();
    }

    @Test
    void aPlanSaysWhoGetsWhatAndWhyOthersDoNotAndChangesNothing() throws IOException {
        publish("1.0.0");
        two.freeMemory(100);

        JsonNode plan = json(deployments.plan(description("[1,2)", "everywhere", "{\"free_memory_mib\": 200}")));

        assertThat(plan.path("revision").asInt()).isEqualTo(1);
        assertThat(plan.at("/plugins/0/version").asText()).isEqualTo("1.0.0");
        assertThat(plan.at("/plugins/0/wanted").asText()).isEqualTo("everywhere");
        assertThat(plan.at("/plugins/0/agents").toString())
                .isEqualTo("[{\"agent\":\"shared/node-1\",\"plugin\":\"org.acme.hello\",\"step\":\"deploy\"}]");
        assertThat(plan.at("/plugins/0/others/0/reason").asText()).contains("has 100 MiB", "200");
        assertThat(deployments.list().data()).isEmpty();
        assertThat(one.orders()).isEmpty();
    }

    @Test
    void whatIsAppliedIsDeployedShownUpdatedAndRolledBack() throws IOException {
        publish("1.0.0");
        deployments.apply(ADMINISTRATOR, "hello", description("[1,2)", "everywhere", "{}"));
        awaitState("deployed", 1);
        JsonNode shown = json(deployments.show("hello"));
        assertThat(shown.at("/plugins/0/active").asInt()).isEqualTo(2);
        assertThat(shown.at("/plugins/0/agents/0/state").asText()).isEqualTo("active");
        assertThat(shown.at("/description/plugins/0/plugin").asText()).isEqualTo(HELLO);
        publish("1.1.0");
        assertThat(json(deployments.plan(description("[1,2)", "everywhere", "{}")))
                        .at("/plugins/0/agents/1/step")
                        .asText())
                .isEqualTo("update");

        deployments.apply(ADMINISTRATOR, "hello", description("[1,2)", "everywhere", "{}"));
        awaitState("deployed", 2);
        assertThat(json(deployments.show("hello")).at("/plugins/0/version").asText())
                .isEqualTo("1.1.0");

        deployments.rollBack(ADMINISTRATOR, "hello");
        awaitState("deployed", 3);
        assertThat(json(deployments.show("hello")).at("/plugins/0/version").asText())
                .isEqualTo("1.0.0");
        assertThat(deployments.revisions("hello").data())
                .extracting(DeploymentsResource.RevisionObject::outcome)
                .containsExactly("deployed", "deployed", "deployed");
        assertThat(ledger.events().stream().map(AuditEvent::type))
                .contains("deployment.applied", "deployment.completed", "deployment.rolled_back");
    }

    @Test
    void aVersionThatFailsIsShownAsWhatItCameTo() throws IOException {
        publish("1.0.0");
        deployments.apply(ADMINISTRATOR, "hello", description("[1,2)", "everywhere", "{}"));
        awaitState("deployed", 1);
        one.fails(publish("2.0.0"), "it is not well");

        deployments.apply(ADMINISTRATOR, "hello", description("[2,3)", "everywhere", "{}"));

        awaitState("deployed", 3);
        DeploymentObject shown = deployments.show("hello");
        assertThat(shown.rolledBackFrom()).isEqualTo(2);
        assertThat(shown.reason()).contains("shared/node-1", "it is not well");
    }

    @Test
    void whoIsMissingIsWaitedForWithTheReasons() throws IOException {
        publish("1.0.0");
        two.freeMemory(100);

        deployments.apply(ADMINISTRATOR, "hello", description("0", "2", "{\"free_memory_mib\": 200}"));

        awaitState("waiting", 1);
        DeploymentObject.DeployedPlugin plugin =
                deployments.show("hello").plugins().get(0);
        assertThat(plugin.missing()).isEqualTo(1);
        assertThat(plugin.others())
                .singleElement()
                .satisfies(other -> assertThat(other.reason()).contains("100 MiB"));
        two.freeMemory(1000);
        awaitState("deployed", 1);
    }

    @Test
    void whatRanEverywhereAndHasLostItsAgentWaitsForAnother() throws IOException {
        publish("1.0.0");
        deployments.apply(ADMINISTRATOR, "hello", description("0", "1", "{\"agents\": [\"node-1\"]}"));
        awaitState("deployed", 1);

        // Lost at once: this deployer has no patience.
        one.silence();

        awaitState("waiting", 1);
        assertThat(deployments.show("hello").surplus())
                .singleElement()
                .satisfies(lost -> assertThat(lost.state()).isEqualTo("lost"));
        one.report();
        awaitState("deployed", 1);
    }

    @Test
    void aRemovedDeploymentIsGoneAndItsPluginCanBeUnpublished() throws IOException {
        String digest = publish("1.0.0");
        deployments.apply(ADMINISTRATOR, "hello", description("0", "everywhere", "{}"));
        awaitState("deployed", 1);
        assertThatThrownBy(() -> repository.remove(ADMINISTRATOR, digest)).hasMessageContaining("needed by: hello");

        deployments.remove(ADMINISTRATOR, "hello");

        await().atMost(DEADLINE).until(() -> deployments.list().data().isEmpty());
        assertThat(one.plugins()).isEmpty();
        assertThat(repository.remove(ADMINISTRATOR, digest).deleted()).isTrue();
        assertThatThrownBy(() -> deployments.show("hello"))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void whatHasNotBeenPublishedCannotBeApplied() {
        assertThatThrownBy(() -> deployments.apply(ADMINISTRATOR, "hello", description("[9,10)", "1", "{}")))
                .hasMessageContaining("No version of org.acme.hello in [9.0.0,10.0.0)");
    }

    @Test
    void theNameInThePathIsThatOfTheDescription() throws IOException {
        publish("1.0.0");

        assertThatThrownBy(() -> deployments.apply(ADMINISTRATOR, "other", description("0", "1", "{}")))
                .hasMessageContaining("'hello', not of 'other'");
    }

    @Test
    void aPipelineOfCrescoIsPlannedWithWhatIsIgnored() throws IOException {
        publish("1.0.0");
        ObjectNode pipeline = (ObjectNode) Json.MAPPER.readTree("""
                {"pipeline_id": "0", "pipeline_name": "Demo", "edges": [], "nodes": [
                  {"node_id": "0", "params": {"pluginname": "org.acme.hello", "version": "1.0.0",
                    "location_agent": "node-2"}}]}""");

        JsonNode plan = json(deployments.plan(pipeline));

        assertThat(plan.path("name").asText()).isEqualTo("demo");
        assertThat(plan.at("/plugins/0/agents/0/agent").asText()).isEqualTo("shared/node-2");
        assertThat(plan.path("ignored").toString()).contains("pipeline_id", "node_id");
    }

    @Test
    void theSchemaIsPublishedAndIsTheOneThatHolds() throws IOException {
        assertThat(Json.MAPPER.readTree(deployments.schema()).path("title").asText())
                .isEqualTo("Deployment");
    }

    @Test
    void onlyThoseWhoOperateThePlatformReachAnyOfIt() {
        assertThat(Stream.of(
                                new DeploymentsApplication(deployer, new DescriptionSchema()),
                                new RepositoryApplication(deployer))
                        .flatMap(application -> application.endpoints().stream()))
                .hasSize(12)
                .allSatisfy(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    @Test
    void theReadmeNamesEveryEndpoint() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(Stream.concat(
                                lines("/admin/deployments", new DeploymentsApplication(deployer)),
                                lines("/admin/repository", new RepositoryApplication(deployer)))
                        .collect(Collectors.toList()))
                .allSatisfy(line -> assertThat(readme).contains(line));
    }

    private static Stream<String> lines(String base, FactoryApplication application) {
        return application.endpoints().stream()
                .map(endpoint -> "`" + endpoint.method().toUpperCase(Locale.ROOT) + " " + base
                        + (endpoint.path().equals("/") ? "" : endpoint.path()) + "`");
    }

    private String publish(String version) throws IOException {
        byte[] jar = (HELLO + " " + version + " Acme").getBytes(UTF_8);
        return repository.publish(ADMINISTRATOR, new ByteArrayInputStream(jar)).id();
    }

    private static ObjectNode description(String versions, String count, String constraints) {
        String shown = count.equals("everywhere") ? "\"everywhere\"" : count;
        try {
            return (ObjectNode) Json.MAPPER.readTree("{\"name\": \"hello\", \"plugins\": [{\"plugin\": \"" + HELLO
                    + "\", \"version\": \"" + versions + "\", \"count\": " + shown + ", \"constraints\": " + constraints
                    + "}], \"strategy\": {\"health_seconds\": 0}}");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(Object object) throws IOException {
        return Json.MAPPER.readTree(Json.write(object));
    }

    private void awaitState(String state, int revision) {
        await().atMost(DEADLINE).untilAsserted(() -> {
            DeploymentObject shown = deployments.show("hello");
            assertThat(List.of(shown.state(), shown.revision())).isEqualTo(List.of(state, revision));
        });
    }

    /** The configuration of which nothing has been said but that there is no grace. */
    private static Config impatient() {
        return (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> method.getName().equals("graceSeconds") ? 0 : method.getDefaultValue());
    }
}
