package org.llmfactory.dataplane.stream;

import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;

/** Prints what streams cost on a network in memory: {@code mvn -pl plugins/dataplane test -Dtest=StreamBenchmark -Dbench=true}. */
@EnabledIfSystemProperty(named = "bench", matches = "true")
class StreamBenchmark {
    private static final int ROUNDS = 4;

    @Test
    void print() throws Exception {
        try (TestAgents agents = new TestAgents()) {
            agents.agent(NODE).offer(ScriptedService.echo());
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.printf("round %d of %d%n", round, ROUNDS);
                opened(agents, 3000);
                throughput(agents, 1, AgentStream.MAXIMUM_MESSAGE, 24_000);
                throughput(agents, 32, AgentStream.MAXIMUM_MESSAGE, 750);
                throughput(agents, 1, 200, 600_000);
                roundTrips(agents, 20_000);
            }
        }
    }

    private static void opened(TestAgents agents, int count) throws Exception {
        long began = System.nanoTime();
        for (int index = 0; index < count; index++) {
            RecordingListener listener = new RecordingListener();
            AgentStream stream = agents.open(CONTROLLER, NODE, "echo", listener);
            stream.send(new byte[100]);
            stream.finish();
            listener.awaitEnd();
        }
        System.out.printf("  opened, one echo, closed, one after the other: %.0f streams/s%n", count / seconds(began));
    }

    private static void throughput(TestAgents agents, int streams, int size, int messages) throws Exception {
        List<RecordingListener> sinks = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        long resent = agents.agent(CONTROLLER).meters.framesResent();
        for (int index = 0; index < streams; index++) {
            RecordingListener sink = new RecordingListener() {
                @Override
                public void onMessage(byte[] message) {
                    bytes.addAndGet(message.length);
                }
            };
            agents.agent(NODE).offer(ScriptedService.heardBy("sink", sink));
            AgentStream stream = agents.open(CONTROLLER, NODE, "sink", new RecordingListener());
            sinks.add(sink);
            senders.add(new Thread(() -> send(stream, size, messages)));
        }
        long began = System.nanoTime();
        senders.forEach(Thread::start);
        for (RecordingListener sink : sinks) {
            sink.awaitEnd();
        }
        double seconds = seconds(began);
        long total = (long) streams * messages;
        System.out.printf(
                "  %d stream(s), messages of %d bytes: %.0f MB/s, %.2f us a message, %d frames resent%n",
                streams,
                size,
                total * size / seconds / 1e6,
                seconds * 1e6 / total,
                agents.agent(CONTROLLER).meters.framesResent() - resent);
    }

    private static void send(AgentStream stream, int size, int messages) {
        byte[] message = new byte[size];
        try {
            for (int index = 0; index < messages; index++) {
                if (!stream.awaitWritable(DEADLINE)) {
                    throw new IllegalStateException("The stream has come to a halt");
                }
                stream.send(message);
            }
            stream.finish();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void roundTrips(TestAgents agents, int count) throws Exception {
        Semaphore heard = new Semaphore(0);
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", new StreamListener() {
            @Override
            public void onMessage(byte[] message) {
                heard.release();
            }

            @Override
            public void onEnd() {}

            @Override
            public void onFailure(FactoryException reason) {}
        });
        long[] nanos = new long[count];
        for (int index = 0; index < count; index++) {
            long began = System.nanoTime();
            stream.send(new byte[20]);
            if (!heard.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("No answer");
            }
            nanos[index] = System.nanoTime() - began;
        }
        stream.cancel("Done.");
        Arrays.sort(nanos);
        System.out.printf(
                "  there and back, 20 bytes: p50 %.0f us, p99 %.0f us%n",
                nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
