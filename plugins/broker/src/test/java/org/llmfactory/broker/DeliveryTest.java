package org.llmfactory.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.jms.JmsLink;

/** Frames from agent to agent over real brokers. */
final class DeliveryTest {
    private static final AgentAddress ONE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress TWO = AgentAddress.parse("shared/node-2");
    private static final Duration USEFUL = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private TestNetwork network;

    @BeforeEach
    void open() {
        network = new TestNetwork(folder);
    }

    @AfterEach
    void close() throws Exception {
        network.stop();
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void framesArriveInOrderOverOneBroker(Lane lane) throws Exception {
        EmbeddedBroker broker = network.broker("central");

        assertThatFramesPass(lane, network.link(ONE, broker), network.link(TWO, broker));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void framesArriveOverTwoBrokers(Lane lane) throws Exception {
        EmbeddedBroker central = network.broker("central");
        EmbeddedBroker region = network.broker("north", central.address());

        assertThatFramesPass(lane, network.link(ONE, central), network.link(TWO, region));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void framesArriveFromOneRegionInAnother(Lane lane) throws Exception {
        EmbeddedBroker central = network.broker("central");
        EmbeddedBroker north = network.broker("north", central.address());
        EmbeddedBroker south = network.broker("south", central.address());

        assertThatFramesPass(lane, network.link(ONE, north), network.link(TWO, south));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void bridgesPassOnMoreThanTheyFetchAtOnceInBothDirections(Lane lane) throws Exception {
        EmbeddedBroker central = network.broker("central");
        EmbeddedBroker region = network.broker("north", central.address());
        JmsLink one = network.link(ONE, central);
        JmsLink two = network.link(TWO, region);

        assertThatManyPass(lane, one, two, TWO);
        assertThatManyPass(lane, two, one, ONE);
    }

    private static void assertThatManyPass(Lane lane, JmsLink from, JmsLink to, AgentAddress receiver)
            throws InterruptedException {
        AtomicInteger heard = new AtomicInteger();
        to.receive(lane, frame -> heard.incrementAndGet());
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            from.send(lane, receiver, new byte[1], USEFUL);
            return heard.get() > 0;
        });
        for (int number = 0; number < 700; number++) {
            int before = heard.get();
            from.send(lane, receiver, new byte[1], Duration.ofMinutes(1));
            if (number % 50 == 0) {
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(TestNetwork.PATIENCE)
                        .until(() -> heard.get() > before);
            }
        }
        await().atMost(TestNetwork.PATIENCE).until(() -> heard.get() > 700);
    }

    private static void assertThatFramesPass(Lane lane, JmsLink from, JmsLink to) throws InterruptedException {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        to.receive(lane, frame -> heard.add(new String(frame, UTF_8)));
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(from, to));

        // What is sent before the brokers know of the reader is lost on lanes that nothing is kept on.
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            from.send(lane, TWO, "first".getBytes(UTF_8), USEFUL);
            return heard.contains("first");
        });
        for (int number = 0; number < 100; number++) {
            from.send(lane, TWO, Integer.toString(number).getBytes(UTF_8), USEFUL);
        }

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("99"));
        heard.removeIf("first"::equals);
        assertThat(heard)
                .containsExactly(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new));
    }
}
