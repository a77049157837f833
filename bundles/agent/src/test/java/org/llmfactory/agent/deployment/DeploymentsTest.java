package org.llmfactory.agent.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.hc.api.Result.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.agent.deploy.WithdrawOrder;
import org.llmfactory.agent.plugin.BundleReadiness;
import org.llmfactory.agent.plugin.HotPluginManager;
import org.llmfactory.agent.plugin.InMemoryConfigurationAdmin;
import org.llmfactory.agent.plugin.PluginConfigurations;
import org.llmfactory.agent.plugin.SignedPlugins;
import org.llmfactory.agent.plugin.TestFramework;
import org.llmfactory.agent.signature.TestSigner;
import org.llmfactory.agent.traffic.TrafficMonitor;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

class DeploymentsTest {
    private static final AgentAddress CONTROLLER = new AgentAddress(AgentAddress.PLATFORM, "main");
    private static final String HELLO = "org.acme.hello";
    private static final String PID = "org.acme.pid";
    private static final Map<String, Map<String, List<String>>> NOTHING = Map.of();

    @TempDir
    Path folder;

    private final TestSigner acme = TestSigner.named("Acme");
    private final InMemoryConfigurationAdmin admin = new InMemoryConfigurationAdmin();
    private final ScriptedHealth health = new ScriptedHealth();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final Map<String, Path> repository = new HashMap<>();
    private TestFramework framework;
    private TrafficMonitor monitor;
    private HotPluginManager plugins;
    private PluginConfigurations configurations;
    private Deployments deployments;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(folder);
        Bundle agent = framework.install("org.llmfactory.agent", 1, Map.of());
        agent.start();
        BundleContext context = agent.getBundleContext();
        monitor = new TrafficMonitor(context);
        FolderHome home = new FolderHome(Files.createDirectories(folder.resolve("home")));
        BundleReadiness readiness = new BundleReadiness(stub(ServiceComponentRuntime.class, List.of()));
        configurations = new PluginConfigurations(home, admin);
        plugins = new HotPluginManager(
                context,
                stub(HotPluginManager.Config.class, 1),
                home,
                readiness,
                monitor,
                new SignedPlugins(home),
                configurations);
        DeploymentLog log = new DeploymentLog();
        log.ledger = ledger;
        deployments = new Deployments(
                home,
                plugins,
                configurations,
                new HealthGate(readiness, health, Duration.ofMillis(300), Duration.ofSeconds(30)),
                log);
        deployments.files = this::fetch;
    }

    @AfterEach
    void stop() throws BundleException {
        monitor.stop();
        framework.close();
    }

    @Test
    void aPluginIsFetchedCheckedConfiguredAndStarted() throws Exception {
        String digest = publish(HELLO, "1.0.0", acme);

        DeployOutcome outcome = deploy(1, digest, Map.of(PID, Map.of("name", List.of("x"), "all", List.of("a", "b"))));

        assertThat(outcome).isEqualTo(new DeployOutcome(true, true, ""));
        assertThat(running()).isEqualTo("1.0.0 active");
        assertThat(admin.properties(PID).get("name")).isEqualTo("x");
        assertThat(admin.properties(PID).get("all")).isEqualTo(new String[] {"a", "b"});
        assertThat(health.tags()).containsExactlyInAnyOrder(HELLO, "plugin");
        assertThat(ledger.events())
                .singleElement()
                .satisfies(event -> assertThat(event.actor().id()).isEqualTo("platform/main"));
    }

    @Test
    void anOrderThatHasBeenCarriedOutChangesNothing() throws Exception {
        String digest = publish(HELLO, "1.0.0", acme);
        deploy(1, digest, NOTHING);
        repository.clear();

        assertThat(deploy(1, digest, NOTHING)).isEqualTo(new DeployOutcome(true, false, ""));
    }

    @Test
    void aVersionThatIsNotWellGoesAndTheFormerOneComesBackAsItWas() throws Exception {
        deploy(1, publish(HELLO, "1.0.0", acme), Map.of(PID, Map.of("name", List.of("old"))));
        String next = publish(HELLO, "2.0.0", acme);
        health.says(Status.OK, Status.OK, Status.CRITICAL);

        DeployOutcome outcome =
                deploy(1, next, Map.of(PID, Map.of("name", List.of("new")), "other", Map.of("a", List.of("b"))));

        assertThat(outcome.deployed()).isFalse();
        assertThat(outcome.reason()).contains("org.acme.hello 2.0.0", "'Scripted' says CRITICAL");
        assertThat(running()).isEqualTo("1.0.0 active");
        assertThat(admin.properties(PID).get("name")).isEqualTo("old");
        assertThat(admin.pids()).containsExactly(PID);
        assertThat(configurations.stored(HELLO)).isEqualTo(Map.of(PID, Map.of("name", List.of("old"))));
        assertThat(storedDigest()).isNotEqualTo(next);
    }

    @Test
    void aVersionThatSaysThatItIsLoadingIsWaitedForLonger() throws Exception {
        Status[] loading = new Status[5];
        Arrays.fill(loading, Status.TEMPORARILY_UNAVAILABLE);
        health.says(Stream.concat(Arrays.stream(loading), Stream.of(Status.OK)).toArray(Status[]::new));

        assertThat(deploy(1, publish(HELLO, "1.0.0", acme), NOTHING).deployed()).isTrue();
    }

    @Test
    void aWarningIsNoFault() throws Exception {
        health.says(Status.WARN);

        assertThat(deploy(1, publish(HELLO, "1.0.0", acme), NOTHING).deployed()).isTrue();
    }

    @Test
    void aFirstVersionThatIsNotWellLeavesNothingBehind() throws Exception {
        health.says(Status.CRITICAL);

        DeployOutcome outcome = deploy(1, publish(HELLO, "1.0.0", acme), Map.of(PID, Map.of("a", List.of("b"))));

        assertThat(outcome.deployed()).isFalse();
        assertThat(plugins.list()).isEmpty();
        assertThat(admin.pids()).isEmpty();
        assertThat(folder.resolve("home/plugins").resolve(HELLO + ".jar")).doesNotExist();
    }

    @Test
    void aPluginMayNeedAMomentUntilItIsWell() throws Exception {
        health.says(Status.TEMPORARILY_UNAVAILABLE, Status.OK);

        assertThat(deploy(1, publish(HELLO, "1.0.0", acme), NOTHING).deployed()).isTrue();
    }

    @Test
    void anotherConfigurationIsTriedAndTakenBack() throws Exception {
        String digest = publish(HELLO, "1.0.0", acme);
        deploy(1, digest, Map.of(PID, Map.of("a", List.of("1"))));
        repository.clear();

        assertThat(deploy(1, digest, Map.of(PID, Map.of("a", List.of("2")))).deployed())
                .isTrue();
        assertThat(admin.properties(PID).get("a")).isEqualTo("2");
        health.says(Status.CRITICAL);
        assertThat(deploy(1, digest, Map.of(PID, Map.of("a", List.of("3")))).deployed())
                .isFalse();
        assertThat(admin.properties(PID).get("a")).isEqualTo("2");
    }

    @Test
    void whatControllersDoNotTrustIsAnOutcome() throws Exception {
        String digest = publish(HELLO, "1.0.0", TestSigner.named("Stranger"));

        DeployOutcome outcome = deploy(1, digest, NOTHING);

        assertThat(outcome.deployed()).isFalse();
        assertThat(outcome.reason()).contains("'Stranger' is not trusted");
    }

    @Test
    void aJarOfAnotherPluginIsAnOutcome() throws Exception {
        assertThat(deploy(1, publish("org.acme.other", "1.0.0", acme), NOTHING).reason())
                .contains("holds the plugin org.acme.other");
    }

    @Test
    void aVersionThatDoesNotResolveIsAnOutcome() throws Exception {
        String digest = publish(HELLO, "1.0.0", acme, Map.of("Import-Package", "org.acme.missing"));

        assertThat(deploy(1, digest, NOTHING).reason()).contains("org.acme.missing");
    }

    @Test
    void aPluginThatCannotBeFetchedMayBeAskedForAgain() {
        assertThatThrownBy(() -> deploy(1, "0".repeat(64), NOTHING))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        deployments.files = null;
        assertThatThrownBy(() -> deploy(1, "0".repeat(64), NOTHING))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void anOldLeaderIsNotObeyedEvenAfterARestart() throws Exception {
        String digest = publish(HELLO, "1.0.0", acme);
        deploy(7, digest, NOTHING);
        stop();
        start();

        assertStale(() -> deploy(6, digest, NOTHING));
        assertStale(() -> deployments.withdraw(CONTROLLER, new WithdrawOrder("main", 6, HELLO)));
        assertThat(deploy(7, digest, NOTHING).deployed()).isTrue();
        assertThat(deployments
                        .deploy(CONTROLLER, new DeployOrder("others", 1, HELLO, digest, NOTHING, List.of(), 0))
                        .deployed())
                .isTrue();
    }

    @Test
    void aWithdrawnPluginIsGoneWithItsConfiguration() throws Exception {
        deploy(1, publish(HELLO, "1.0.0", acme), Map.of(PID, Map.of("a", List.of("b"))));

        assertThat(deployments
                        .withdraw(CONTROLLER, new WithdrawOrder("main", 1, HELLO))
                        .removed())
                .isTrue();
        assertThat(deployments
                        .withdraw(CONTROLLER, new WithdrawOrder("main", 1, HELLO))
                        .removed())
                .isFalse();

        assertThat(plugins.list()).isEmpty();
        assertThat(admin.pids()).isEmpty();
        assertThat(configurations.stored(HELLO)).isEmpty();
    }

    @Test
    void malformedOrdersAreRefused() {
        assertThatThrownBy(() -> deploy(1, "../../evil", NOTHING)).hasMessageContaining("'digest'");
        DeployOrder long1 = new DeployOrder("main", 1, HELLO, "0".repeat(64), NOTHING, List.of(), 601);
        assertThatThrownBy(() -> deployments.deploy(CONTROLLER, long1)).hasMessageContaining("'health_seconds'");
    }

    @Test
    void bothActionsAreForControllersOnlyAndDescribeThemselves() {
        assertThat(List.of(new DeployAction(deployments), new WithdrawAction(deployments)))
                .allSatisfy(action -> {
                    assertThat(action.callers().include(new AgentAddress("shared", "node"), CONTROLLER))
                            .isFalse();
                    assertThat(action.why()).endsWith(".");
                });
    }

    private void assertStale(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("epoch 7");
    }

    private DeployOutcome deploy(long epoch, String digest, Map<String, Map<String, List<String>>> configuration)
            throws InterruptedException {
        return deployments.deploy(
                CONTROLLER, new DeployOrder("main", epoch, HELLO, digest, configuration, List.of(acme.pem()), 1));
    }

    private String running() {
        PluginInfo plugin = plugins.list().get(0);
        return plugin.version() + " " + plugin.state();
    }

    private String storedDigest() throws Exception {
        return digest(folder.resolve("home/plugins").resolve(HELLO + ".jar"));
    }

    private String publish(String name, String version, TestSigner signer) throws Exception {
        return publish(name, version, signer, Map.of());
    }

    private String publish(String name, String version, TestSigner signer, Map<String, String> more) throws Exception {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Bundle-Version", version);
        Path jar = TestFramework.jar(folder.resolve("made").resolve(name + version + ".jar"), name, headers);
        Path signed = signer.sign(jar);
        repository.put(digest(signed), signed);
        return digest(signed);
    }

    private static String digest(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** {@link AgentFiles#fetch} from the repository. */
    private void fetch(AgentAddress from, String share, String name, Path target, String sha256, Duration deadline)
            throws IOException {
        assertThat(from).isEqualTo(CONTROLLER);
        assertThat(share).isEqualTo("plugins");
        Path file = repository.get(name);
        if (file == null) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "There is no such file.");
        }
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Answers everything alike. */
    private static <T> T stub(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }
}
