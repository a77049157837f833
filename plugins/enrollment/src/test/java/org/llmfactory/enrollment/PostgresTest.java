package org.llmfactory.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.database.testing.PostgresDatabase;
import org.llmfactory.messaging.testing.SettableClock;

/** Two controllers with pools of their own on one PostgreSQL database. */
final class PostgresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path homes;

    private final SettableClock clock = new SettableClock();
    private final InMemoryControlPlane network = new InMemoryControlPlane();
    private final PostgresDatabase here = new PostgresDatabase();
    private final PostgresDatabase there = here.ofAnotherAgent();
    private TestController one;
    private TestController other;

    @BeforeEach
    void start() throws IOException {
        one = new TestController("a-one", homes.resolve("one"), here, network, clock);
        Files.createDirectories(homes.resolve("other/secrets"));
        Files.copy(
                homes.resolve("one/secrets/enrollment.key"),
                homes.resolve("other/secrets/enrollment.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
        other = new TestController("b-other", homes.resolve("other"), there, network, clock);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        here.close();
        there.close();
        network.close();
    }

    private TestAgent joined(TestController controller, String name) throws Exception {
        TestAgent agent = new TestAgent(homes.resolve(name), clock);
        agent.join(controller.url(), controller.token().secret().text(), name);
        return agent.connected(network);
    }

    @Test
    void whoeverAsksFirstThereIsOneNetwork() throws Exception {
        one.withBroker();
        other.withBroker();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<JoinToken> first = threads.submit(() -> one.token().secret());
            Future<JoinToken> second = threads.submit(() -> other.token().secret());

            assertThat(first.get(60, TimeUnit.SECONDS).network())
                    .isEqualTo(second.get(60, TimeUnit.SECONDS).network());
        } finally {
            threads.shutdownNow();
        }
        assertThat(one.identity().region()).isEqualTo(other.identity().region());
        assertThat(one.identity().trust().verify(other.identity().chain()))
                .isEqualTo(AgentAddress.parse("platform/b-other"));
        assertThat(one.ledger.types())
                .haveAtMost(1, new org.assertj.core.api.Condition<>("network.created"::equals, "the network"));
    }

    @Test
    void aTokenOfOneIsTakenByTheOtherAndTheAgentKnowsBoth() throws Exception {
        one.withBroker();
        String token = one.token().secret().text();
        other.withBroker();
        other.token();

        TestAgent agent = new TestAgent(homes.resolve("agent"), clock);
        agent.join(other.url(), token, "node-1");

        assertThat(agent.identity().controllers())
                .containsExactlyInAnyOrder(
                        AgentAddress.parse("platform/a-one"), AgentAddress.parse("platform/b-other"));
        assertThat(agent.identity().brokers()).hasSize(2);
        await().atMost(PATIENCE)
                .until(() -> other.identity().brokers().equals(List.of(URI.create("ssl://a-one.example.org:61617"))));
        assertThat(one.identity().brokers()).isEmpty();
    }

    @Test
    void ofManyWhoUseATokenAtOnceAtBothOneComesIn() throws Exception {
        one.withBroker();
        other.withBroker();
        String token = one.token().secret().text();
        other.token();
        ExecutorService crowd = Executors.newFixedThreadPool(6);
        int in = 0;
        try {
            List<Future<String>> attempts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                TestAgent agent = new TestAgent(homes.resolve("crowd" + i), clock);
                URI url = i % 2 == 0 ? one.url() : other.url();
                String name = "node-" + i;
                attempts.add(crowd.submit(() -> agent.join(url, token, name).address()));
            }
            for (Future<String> attempt : attempts) {
                try {
                    attempt.get(60, TimeUnit.SECONDS);
                    in++;
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause()).hasMessageContaining("does not take this token");
                }
            }
        } finally {
            crowd.shutdownNow();
        }

        assertThat(in).isEqualTo(1);
    }

    @Test
    void whatOneRevokesTheOtherBelievesNoMoreWithinSeconds() throws Exception {
        one.withBroker();
        one.token();
        one.connected();
        other.withBroker();
        other.token();
        other.connected();
        TestAgent agent = joined(one, "node-1");
        List<X509Certificate> chain = agent.identity().chain();
        assertThat(other.identity().trust().verify(chain))
                .isEqualTo(agent.identity().self());

        one.members.revoke(agent.identity().self(), Actor.system());

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> other.identity().trust().verify(chain))
                                .hasMessageContaining("revoked"));
    }

    @Test
    void aControllerWithoutTheSharedSecretsSaysSo() throws Exception {
        one.withBroker();
        one.token();
        try (PostgresDatabase third = here.ofAnotherAgent();
                TestController stranger =
                        new TestController("stranger", homes.resolve("stranger"), third, network, clock)) {
            assertThatThrownBy(stranger::token).hasMessageContaining("share their secrets too");
        }
        assertThat(one.members.list()).hasSize(1);
    }
}
