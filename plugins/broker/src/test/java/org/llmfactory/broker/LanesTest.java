package org.llmfactory.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.jms.JmsLink;

/** That nobody waits for anybody else. */
final class LanesTest {
    private static final AgentAddress ONE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress TWO = AgentAddress.parse("shared/node-2");
    private static final AgentAddress SLOW = AgentAddress.parse("shared/slow");
    private static final Duration USEFUL = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private TestNetwork network;
    private EmbeddedBroker broker;
    private JmsLink one;
    private JmsLink two;

    @BeforeEach
    void open() throws Exception {
        network = new TestNetwork(folder);
        broker = network.broker("central");
        one = network.link(ONE, broker);
        two = network.link(TWO, broker);
    }

    @AfterEach
    void close() throws Exception {
        network.stop();
    }

    private static void send(JmsLink from, Lane lane, AgentAddress to, byte[] frame) {
        try {
            from.send(lane, to, frame, USEFUL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFloodOfDataDoesNotDelaySignsOfLife() throws Exception {
        BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
        two.receive(Lane.LIVE, frame -> send(two, Lane.LIVE, ONE, frame));
        one.receive(Lane.LIVE, answers::add);
        AtomicInteger flooded = new AtomicInteger();
        two.receive(Lane.DATA, frame -> flooded.incrementAndGet());
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            send(one, Lane.LIVE, TWO, new byte[20]);
            return answers.poll(100, TimeUnit.MILLISECONDS) != null;
        });
        long idle = medianMillis(answers, () -> true);

        AtomicBoolean over = new AtomicBoolean();
        Thread flood = new Thread(() -> {
            while (!over.get()) {
                send(one, Lane.DATA, TWO, new byte[64 * 1024]);
            }
        });
        flood.start();
        await().atMost(TestNetwork.PATIENCE).until(() -> flooded.get() > 200);
        int before = flooded.get();
        long underFlood = medianMillis(answers, () -> flooded.get() - before > 100);
        over.set(true);
        flood.join();

        assertThat(underFlood)
                .as("median of a round trip in ms, %d when idle", idle)
                .isLessThan(20 * idle + 200);
    }

    /** The median of at least 101 round trips, which go on until {@code enough}. */
    private long medianMillis(BlockingQueue<byte[]> answers, BooleanSupplier enough) throws InterruptedException {
        answers.clear();
        LongStream.Builder trips = LongStream.builder();
        Instant deadline = Instant.now().plus(TestNetwork.PATIENCE);
        int count = 0;
        while (count < 101 || !enough.getAsBoolean()) {
            assertThat(Instant.now()).as("after %d round trips", count).isBefore(deadline);
            long begin = System.nanoTime();
            send(one, Lane.LIVE, TWO, new byte[20]);
            assertThat(answers.poll(10, TimeUnit.SECONDS)).isNotNull();
            trips.add(System.nanoTime() - begin);
            count++;
        }
        long[] sorted = trips.build().sorted().toArray();
        return TimeUnit.NANOSECONDS.toMillis(sorted[count / 2]);
    }

    @Test
    void anAgentThatDoesNotReadHoldsUpNobodyElse() throws Exception {
        JmsLink slow = network.link(SLOW, broker);
        CountDownLatch wakes = new CountDownLatch(1);
        AtomicInteger heardBySlow = new AtomicInteger();
        slow.receive(Lane.DATA, frame -> {
            heardBySlow.incrementAndGet();
            awaitQuietly(wakes);
        });
        AtomicInteger heard = new AtomicInteger();
        two.receive(Lane.DATA, frame -> heard.incrementAndGet());
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            send(one, Lane.DATA, SLOW, new byte[1]);
            send(one, Lane.DATA, TWO, new byte[1]);
            return heardBySlow.get() > 0 && heard.get() > 0;
        });

        // Far more than the broker keeps for one agent, over the connection that carries the other's frames too.
        int before = heard.get();
        for (int number = 0; number < 1000; number++) {
            send(one, Lane.DATA, SLOW, new byte[64 * 1024]);
            if (number % 10 == 0) {
                send(one, Lane.DATA, TWO, new byte[1024]);
            }
        }

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.get() - before >= 100);
        assertThat(broker.service().getSystemUsage().getMemoryUsage().getPercentUsage())
                .isLessThan(80);
        wakes.countDown();
        await().atMost(TestNetwork.PATIENCE).until(() -> heardBySlow.get() > 200);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void controlFramesForSomebodyWhoNeverReadsAreBounded() throws Exception {
        for (int number = 0; number < 4300; number++) {
            one.send(Lane.CONTROL, SLOW, new byte[100], Duration.ofMinutes(10));
        }
        await().atMost(TestNetwork.PATIENCE.multipliedBy(2)).until(() -> TestNetwork.waiting(broker, SLOW) >= 4096);
        AtomicInteger heard = new AtomicInteger();
        two.receive(Lane.CONTROL, frame -> heard.incrementAndGet());
        one.send(Lane.CONTROL, TWO, new byte[1], USEFUL);

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.get() == 1);
        assertThat(TestNetwork.waiting(broker, SLOW)).isEqualTo(4096);
    }

    @Test
    void controlFramesWhoseTimeHasPassedAreForgotten() throws Exception {
        one.send(Lane.CONTROL, SLOW, new byte[1], Duration.ofSeconds(2));
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.waiting(broker, SLOW) == 1);

        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.waiting(broker, SLOW) == 0);
    }
}
