package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.util.ByteSequence;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.messaging.link.LaneDestination;
import org.llmfactory.messaging.testing.TestAuthority;

/** Whom a network of processes believes: certificates, clocks, messages that come twice. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrustIT {
    private static final AgentAddress NEAR = AgentAddress.parse("shared/near");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int CALL_SECONDS = 20;

    /** An agent renews at two thirds of a day, or a little later. */
    private static final Duration RENEWAL = Duration.ofHours(18);

    private static final Duration END = RENEWAL.plusHours(25);

    @TempDir
    static Path folder;

    private static Machines machines;
    private static Machine controller;
    private static Machine near;
    private static Machine far;
    private static Machine stranger;
    private static Network network;
    private static Path clock;

    @RegisterExtension
    static final LogsOnFailure LOGS = new LogsOnFailure(() -> machines);

    @BeforeAll
    static void start() throws Exception {
        clock = NativeLibrary.compile("clock", folder);
        machines = Machines.create(4);
        controller = machines.get(0);
        near = machines.get(1).withModel();
        far = machines.get(2).withModel();
        stranger = machines.get(3);
        network = Network.open(controller);
        network.join(near, "near");
        network.join(far, "far");
        network.awaitEngine("shared/near");
        network.awaitEngine("shared/far");
    }

    @AfterAll
    static void stop() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    @Order(1)
    void aCertificateOfAnotherNetworkOpensNothing(Lane lane) throws Exception {
        TestAuthority other = TestAuthority.root();

        // The broker ends the handshake; how much of that the client hears is a matter of time.
        assertThatThrownBy(() -> DirectClient.open(near, lane, other.identity(NEAR, folder.resolve("other-" + lane))))
                .isInstanceOf(JMSException.class);
        DirectClient.open(near, lane).close();
    }

    @Test
    @Order(2)
    void whoseClockIsWrongIsNotLetInAndHearsByHowMuch() throws Exception {
        stranger.clock(clock, Duration.ofMinutes(10));
        try {
            String token = network.token();
            Shell.Result join = stranger.factory(
                    "up", "--feature", "cpu-node", "--join", controller.url(), "--token", token, "--name", "stranger");

            assertThat(join.status()).as(join.output()).isNotZero();
            assertThat(join.errors())
                    .containsPattern("clock is (9|10) min \\d+ s ahead of the controller's")
                    .doesNotContain(token);
        } finally {
            stranger.factory("down");
        }
    }

    @Test
    @Order(3)
    void aCallThatComesASecondTimeIsRefused() throws Exception {
        near.succeed("down");
        network.awaitSilent("shared/near");
        byte[] call = lostCall();
        near.succeed("up", "--feature", "cpu-node");
        network.awaitEngine("shared/near");

        ActiveMQConnection relay = DirectClient.open(far, Lane.CONTROL);
        try {
            Session session = relay.createSession(false, Session.AUTO_ACKNOWLEDGE);
            long before = refusals();
            send(session, call);
            send(session, call);
            await().atMost(SOON).until(() -> refusals() > before);
        } finally {
            relay.close();
        }
        assertThat(controller.json("agent", "call", "shared/near", "agent.ping").isObject())
                .isTrue();
    }

    /** What the controller sends to an agent that is away, as its broker keeps it. */
    private static byte[] lostCall() throws Exception {
        CompletableFuture<Void> calling = CompletableFuture.runAsync(() -> {
            try {
                controller
                        .administrator()
                        .post("/admin/agents/shared/near/actions/agent.ping?timeout_seconds=" + CALL_SECONDS, Map.of());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        ActiveMQConnection thief = DirectClient.open(near, Lane.CONTROL);
        try {
            Session session = thief.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageConsumer consumer = session.createConsumer(queue());
            ActiveMQMessage message = (ActiveMQMessage) consumer.receive(SOON.toMillis());
            ByteSequence content = message.getContent();
            return Arrays.copyOfRange(content.data, content.offset, content.offset + content.length);
        } finally {
            thief.close();
            calling.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static ActiveMQQueue queue() {
        return new ActiveMQQueue(new LaneDestination(Lane.CONTROL, NEAR).name());
    }

    private static void send(Session session, byte[] frame) throws Exception {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(frame));
        session.createProducer(null).send(queue(), message);
    }

    private static long refusals() throws Exception {
        return near.log().stream()
                .filter(line -> line.contains("refused (REPLAYED)"))
                .count();
    }

    @Test
    @Order(4)
    void certificatesAreRenewedBeforeTheyEnd() throws Exception {
        Instant before = expiry();

        restart(RENEWAL);

        await().atMost(SOON).until(() -> expiry().isAfter(before.plus(RENEWAL.minusHours(1))));
        network.awaitEngine("shared/near");
        network.awaitEngine("shared/far");
        EventStream answer = EventStream.chat(controller, "Say hello.", 8);
        assertThat(answer.awaitEnd()).as(answer.text()).isEqualTo(EventStream.End.DONE);
    }

    @Test
    @Order(5)
    void whoWasAwayUntilItsCertificateHadEndedNeedsANewTokenAndKeepsItsName() throws Exception {
        Instant before = expiry();
        restart(END);
        await().during(Duration.ofSeconds(5)).atMost(SOON).until(() -> !network.isAlive("shared/near"));
        Shell.Result refused = near.factory("up", "--feature", "cpu-node", "--join", controller.url());
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.errors()).contains("a token is needed");

        network.join(near, "near");

        network.awaitEngine("shared/near");
        assertThat(expiry()).isAfter(before.plus(Duration.ofDays(1)));
    }

    private static void restart(Duration forward) throws Exception {
        for (Machine machine : List.of(near, far, controller)) {
            machine.succeed("down");
            machine.clock(clock, forward);
        }
        controller.succeed("up", "--feature", "controller");
        near.succeed("up", "--feature", "cpu-node");
        far.succeed("up", "--feature", "cpu-node");
    }

    private static Instant expiry() throws Exception {
        JsonNode member = ApiClient.accepted(controller.administrator().get("/admin/network/agents/shared/near"));
        return Instant.ofEpochSecond(member.path("expires_at").asLong());
    }
}
