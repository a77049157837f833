package org.llmfactory.messaging.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.testing.InMemoryNetwork;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;
import org.llmfactory.messaging.testing.NetworkedAgent;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.messaging.testing.TestAuthority;

/** What a relay can do to calls that pass through it: lose them, and nothing else. */
class HostileRelayTest {
    private static final AgentAddress NODE = AgentAddress.parse("project-a/node-1");
    private static final AgentAddress SECOND = AgentAddress.parse("project-a/node-2");
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String CANARY = "canary-51c08d";

    private final InMemoryNetwork network = new InMemoryNetwork();
    private final TestAuthority root = TestAuthority.root();
    private final List<NetworkedAgent> agents = new ArrayList<>();
    private final EchoAction echo = new EchoAction(Callers.CONTROLLERS);
    private final EchoAction secondEcho = new EchoAction(Callers.CONTROLLERS);
    private final Queue<Frame> seen = new ConcurrentLinkedQueue<>();
    private NetworkedAgent controller;
    private NetworkedAgent node;

    @TempDir
    Path home;

    @BeforeEach
    void join() {
        controller = join(root.controller());
        node = join(NODE);
        node.offer(echo);
        join(SECOND).offer(secondEcho);
        relay(List::of);
    }

    @AfterEach
    void close() {
        agents.forEach(NetworkedAgent::close);
        network.close();
    }

    @Test
    void seesNoPlaintext() throws Exception {
        call(NODE, CANARY).get();
        assertThat(seen)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(frame -> assertThat(new String(frame.content(), StandardCharsets.ISO_8859_1))
                        .doesNotContain(CANARY, "test.echo", "\"text\""));
    }

    @Test
    void replaysInVain() throws Exception {
        call(NODE, "once").get();
        List<Frame> all = List.copyOf(seen);
        for (int i = 0; i < 3; i++) {
            all.forEach(frame -> network.inject(frame, DEADLINE));
        }
        assertThat(call(NODE, "fence").get().words().text()).isEqualTo("fence");
        assertThat(echo.performed).hasValue(2);
    }

    @Test
    void replaysInVainToARestartedAgent() throws Exception {
        call(NODE, "once").get();
        List<Frame> all = List.copyOf(seen);
        node.close();
        node = join(NODE);
        node.offer(echo);
        all.forEach(frame -> network.inject(frame, DEADLINE));
        assertThat(call(NODE, "fence").get().words().text()).isEqualTo("fence");
        assertThat(echo.performed).hasValue(2);
    }

    @Test
    void reordersWithoutAnyAnswerGoingAstray() throws Exception {
        call(NODE, "warm").get();
        List<Frame> held = new ArrayList<>();
        relay(frame -> {
            synchronized (held) {
                held.add(0, frame);
                if (held.size() < 10) {
                    return List.of();
                }
                List<Frame> backwards = List.copyOf(held);
                held.clear();
                return backwards;
            }
        });
        List<CompletableFuture<EchoAction.Echo>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(call(NODE, "word " + i));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(calls.get(i).get().words().text()).isEqualTo("word " + i);
        }
    }

    @Test
    void altersInVain() throws Exception {
        call(NODE, "warm").get();
        Random random = new Random(3);
        relay(frame -> {
            byte[] altered = frame.content().clone();
            altered[random.nextInt(altered.length)] ^= (byte) (1 + random.nextInt(255));
            return List.of(new Frame(frame.lane(), frame.from(), frame.to(), altered));
        });
        failed(controller.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(1);
    }

    @Test
    void redirectsInVain() throws Exception {
        call(NODE, "warm").get();
        call(SECOND, "warm").get();
        relay(frame -> frame.to().equals(NODE)
                ? List.of(new Frame(frame.lane(), frame.from(), SECOND, frame.content()))
                : List.of(frame));
        failed(controller.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(1);
        assertThat(secondEcho.performed).hasValue(1);
    }

    @Test
    void answersInTheNodesPlaceInVain() throws Exception {
        // The second node is hostile: it is called, and its frames are passed off as answers to a call of the first.
        call(NODE, "warm").get();
        call(SECOND, "warm").get();
        relay(frame -> frame.to().equals(NODE) ? List.of() : List.of(frame));
        CompletableFuture<EchoAction.Echo> open =
                controller.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT);
        List.copyOf(seen).stream()
                .filter(frame -> frame.to().equals(controller.self()))
                .forEach(frame -> network.inject(frame, DEADLINE));
        failed(open);
    }

    @Test
    void offersAnOldOrAForeignKeyInVain() throws Exception {
        call(NODE, "warm").get();
        call(SECOND, "warm").get();
        List<Frame> keys = seen.stream()
                .filter(frame -> frame.to().equals(controller.self()))
                .filter(frame -> frame.content()[3] == 1)
                .toList();
        assertThat(keys).hasSize(2);
        controller.close();
        agents.remove(controller);
        // The same controller, which knows no keys now; the relay answers its question for one with those it has seen.
        controller = join(root.controller());
        relay(frame -> frame.to().equals(NODE) ? keys : List.of(frame));
        failed(controller.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(1);
    }

    @Test
    void doesNotBringInAForger() {
        TestAuthority rogue = TestAuthority.root("central", Clock.systemUTC());
        controller.close();
        agents.remove(controller);
        NetworkedAgent forger = NetworkedAgent.of(
                network,
                root.forged(root.controller(), rogue, home.resolve("forger")),
                home.resolve("forger"),
                Clock.systemUTC());
        agents.add(forger);
        failed(forger.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(0);
    }

    @Test
    void doesNotCarryAnAgentOverTheBorderOfItsTenant() {
        // A broker that lets everything through: the agents themselves look once more.
        NetworkedAgent stranger = NetworkedAgent.of(
                network,
                new Renamed(
                        root.identity(AgentAddress.parse("project-b/node-1"), home.resolve("stranger")),
                        AgentAddress.parse("platform/elsewhere")),
                home.resolve("stranger"),
                Clock.systemUTC());
        agents.add(stranger);
        failed(stranger.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(0);
    }

    @Test
    void isNotAskedAnyMoreForARevokedAgent() throws Exception {
        call(NODE, "warm").get();
        node.identity()
                .trust()
                .revoke(Set.of(
                        CertificateProfile.serial(controller.identity().chain().get(0))));
        failed(controller.controlPlane().call(NODE, "test.echo", words("x"), EchoAction.Echo.class, SHORT));
        assertThat(echo.performed).hasValue(1);
    }

    @Test
    void aWrongClockIsSaidToWhoeverCalls() throws Exception {
        SettableClock fast = new SettableClock();
        fast.advance(Duration.ofMinutes(4));
        AgentAddress other = AgentAddress.parse("platform/fast");
        NetworkedAgent ahead =
                NetworkedAgent.of(network, root.identity(other, home.resolve("fast")), home.resolve("fast"), fast);
        agents.add(ahead);
        assertThatThrownBy(() -> ahead.controlPlane()
                        .call(NODE, "test.echo", words("x"), EchoAction.Echo.class, DEADLINE)
                        .get())
                .hasCauseInstanceOf(FactoryException.class)
                .hasMessageContaining("s ahead of that of project-a/node-1; set the clocks right");
        assertThat(echo.performed).hasValue(0);
    }

    @Test
    void aClockThatLagsIsSaidToo() throws Exception {
        SettableClock slow = new SettableClock();
        slow.advance(Duration.ofMinutes(-4));
        AgentAddress other = AgentAddress.parse("platform/slow");
        NetworkedAgent behind =
                NetworkedAgent.of(network, root.identity(other, home.resolve("slow")), home.resolve("slow"), slow);
        agents.add(behind);
        assertThatThrownBy(() -> behind.controlPlane()
                        .call(NODE, "test.echo", words("x"), EchoAction.Echo.class, DEADLINE)
                        .get())
                .hasCauseInstanceOf(FactoryException.class)
                .hasMessageContaining("set the clocks right");
        assertThat(echo.performed).hasValue(0);
    }

    @Test
    void floodsWithNoiseWithoutHoldingUpAnybody() throws Exception {
        Random random = new Random(5);
        AtomicInteger noisy = new AtomicInteger();
        relay(frame -> {
            List<Frame> flood = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] noise = new byte[random.nextInt(2000)];
                random.nextBytes(noise);
                flood.add(new Frame(frame.lane(), frame.from(), frame.to(), noise));
            }
            noisy.addAndGet(flood.size());
            flood.add(frame);
            return flood;
        });
        assertThat(call(NODE, "through").get().words().text()).isEqualTo("through");
        await().until(() -> noisy.get() >= 400);
    }

    private void relay(Function<Frame, List<Frame>> behaviour) {
        network.intercept(frame -> {
            seen.add(frame);
            return behaviour.apply(frame);
        });
    }

    private NetworkedAgent join(AgentAddress address) {
        NetworkedAgent agent =
                NetworkedAgent.join(network, root, address, home.resolve(address.tenant() + "-" + address.name()));
        agents.add(agent);
        return agent;
    }

    private CompletableFuture<EchoAction.Echo> call(AgentAddress to, String text) {
        return controller.controlPlane().call(to, "test.echo", words(text), EchoAction.Echo.class, DEADLINE);
    }

    private static EchoAction.Words words(String text) {
        return EchoAction.words(text);
    }

    private static void failed(CompletableFuture<?> call) {
        assertThatThrownBy(call::get).hasCauseInstanceOf(FactoryException.class).hasMessageContaining("did not answer");
    }
}
