package org.llmfactory.agent.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.signature.TestSigner;
import org.llmfactory.agent.traffic.TrafficMonitor;
import org.llmfactory.api.agent.testing.FolderHome;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

class AgentStartTest {
    private static final int LEVEL = 2;
    private static final int LATER = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Map<String, String> NEEDY = Map.of("Import-Package", "org.acme.late");

    @TempDir
    Path folder;

    private TestFramework framework;
    private AgentStart start;
    private TrafficMonitor monitor;
    private SignedPlugins signatures;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new TestFramework(folder);
        Bundle agent = framework.install("org.llmfactory.agent", LEVEL, Map.of());
        agent.start();
        BundleContext context = agent.getBundleContext();
        monitor = new TrafficMonitor(context);
        FolderHome home = new FolderHome(folder.resolve("home"));
        signatures = new SignedPlugins(home);
        start = new AgentStart(
                context,
                new HotPluginManager(
                        context,
                        stub(HotPluginManager.Config.class, 1),
                        home,
                        new BundleReadiness(stub(ServiceComponentRuntime.class, List.of())),
                        monitor,
                        signatures,
                        new PluginConfigurations(home, new InMemoryConfigurationAdmin())));
    }

    @AfterEach
    void stopFramework() throws BundleException {
        start.giveUp();
        monitor.stop();
        framework.close();
    }

    @Test
    void theAgentIsNotCompleteBeforeItsLauncherSaysSo() {
        assertThat(start.execute().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
    }

    @Test
    void theAgentIsCompleteOnceEveryBundleHasBeenStarted() throws Exception {
        Bundle waiting = framework.install("org.acme.waiting", LEVEL, NEEDY);
        assertThatThrownBy(waiting::start).isInstanceOf(BundleException.class);

        start.bindLauncher(this);

        assertThat(start.execute().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
        assertThat(start.execute().toString()).contains("org.acme.waiting");

        framework
                .install("org.acme.late", LEVEL, Map.of("Export-Package", "org.acme.late"))
                .start();
        waiting.start();

        awaitComplete();
    }

    @Test
    void bundlesOfALaterStartLevelAreNotWaitedFor() throws Exception {
        Bundle engine = framework.install("org.acme.engine", LATER, Map.of());
        engine.start();

        start.bindLauncher(this);

        awaitComplete();
        assertThat(engine.getState()).isNotEqualTo(Bundle.ACTIVE);
    }

    @Test
    void deployedPluginsAreBackWhenTheAgentIsComplete() throws Exception {
        TestSigner acme = TestSigner.named("Acme");
        signatures.trust(acme.pem());
        Path plugins = folder.resolve("home/plugins");
        put(plugins, "org.acme.deployed", Map.of(), acme);
        put(plugins, "org.acme.broken", NEEDY, acme);
        put(plugins, "org.acme.strange", Map.of(), TestSigner.named("Stranger"));
        TestFramework.jar(plugins.resolve("org.acme.unsigned.jar"), "org.acme.unsigned", Map.of());
        Files.writeString(plugins.resolve("torn.jar"), "not a jar");

        start.bindLauncher(this);

        awaitComplete();
        assertThat(Arrays.stream(framework.context().getBundles())
                        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                        .map(Bundle::getSymbolicName))
                .contains("org.acme.deployed")
                .doesNotContain("org.acme.broken", "org.acme.strange", "org.acme.unsigned");
    }

    private void put(Path plugins, String name, Map<String, String> headers, TestSigner signer) throws Exception {
        Path jar = TestFramework.jar(folder.resolve("made").resolve(name + ".jar"), name, headers);
        Files.createDirectories(plugins);
        Files.copy(signer.sign(jar), plugins.resolve(name + ".jar"));
    }

    @Test
    void anAgentThatStopsIsNotCompleteAnyMore() {
        start.bindLauncher(this);
        awaitComplete();

        start.unbindLauncher(this);

        assertThat(start.execute().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
    }

    private void awaitComplete() {
        await().atMost(DEADLINE).until(() -> start.execute().isOk());
    }

    /** Answers everything alike. */
    private static <T> T stub(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }
}
