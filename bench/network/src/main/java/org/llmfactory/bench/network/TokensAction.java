package org.llmfactory.bench.network;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Meaning;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code bench.tokens}: how long small messages take from the hand of the sender to the listener. Both ends read {@link
 * System#nanoTime}, so they have to run on one machine, under Linux, where it is the same clock for all processes.
 */
@Component(service = AgentAction.class)
public final class TokensAction implements AgentAction<TokensAction.Tokens, Latencies> {
    private static final int WARM_UP_SECONDS = 3;
    private static final Duration GRACE = Duration.ofSeconds(30);

    /**
     * The load.
     *
     * @param peer who sends
     * @param streams at the same time
     * @param perSecond messages a second on each
     * @param seconds how long
     * @param size bytes of a message
     */
    public record Tokens(
            @Meaning("the agent that sends, on the same machine")
            AgentAddress peer,

            @Meaning("streams at the same time") int streams,
            @Meaning("messages a second on each stream") int perSecond,

            @Meaning("seconds, after three that do not count")
            int seconds,

            @Meaning("bytes of each message") int size) {}

    private final DataPlane dataPlane;

    @Activate
    public TokensAction(@Reference DataPlane dataPlane) {
        this.dataPlane = dataPlane;
    }

    @Override
    public String name() {
        return "bench.tokens";
    }

    @Override
    public String why() {
        return "Measures how long small messages take on streams from another agent on the same machine.";
    }

    @Override
    public Class<Tokens> arguments() {
        return Tokens.class;
    }

    @Override
    public Class<Latencies> result() {
        return Latencies.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Latencies perform(AgentAddress caller, Tokens asked) throws InterruptedException {
        int skipped = WARM_UP_SECONDS * asked.perSecond();
        int messages = skipped + asked.seconds() * asked.perSecond();
        Order order = new Order(messages, asked.size(), asked.perSecond());
        long[] nanos = new long[asked.streams() * (messages - skipped)];
        AtomicInteger measured = new AtomicInteger();
        Streams.run(
                dataPlane,
                asked.peer(),
                PacedService.NAME,
                order,
                asked.streams(),
                index -> new Latency(skipped, nanos, measured),
                Duration.ofSeconds(WARM_UP_SECONDS + asked.seconds()).plus(GRACE));
        return Latencies.of(Arrays.copyOf(nanos, measured.get()));
    }

    /** Of the messages of one stream, heard one at a time. */
    private static final class Latency implements Consumer<byte[]> {
        private final int skipped;
        private final long[] nanos;
        private final AtomicInteger measured;
        private int heard;

        Latency(int skipped, long[] nanos, AtomicInteger measured) {
            this.skipped = skipped;
            this.nanos = nanos;
            this.measured = measured;
        }

        @Override
        public void accept(byte[] message) {
            long now = System.nanoTime();
            if (heard++ >= skipped) {
                nanos[measured.getAndIncrement()] =
                        now - ByteBuffer.wrap(message).getLong();
            }
        }
    }
}
