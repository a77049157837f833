package org.llmfactory.bench.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;

/** Streams that one agent opens to a service of another, all open before the first message. */
final class Streams {
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final int MOST = 256;

    private Streams() {}

    /**
     * Opens streams, lets them all go and waits until each has ended.
     *
     * @param listeners hears the messages of the stream of that index
     */
    static void run(
            DataPlane dataPlane,
            AgentAddress peer,
            String service,
            Order order,
            int count,
            IntFunction<Consumer<byte[]>> listeners,
            Duration deadline)
            throws InterruptedException {
        List<AgentStream> streams = new ArrayList<>();
        List<Arrival> arrivals = new ArrayList<>();
        try {
            for (int i = 0; i < Math.min(count, MOST); i++) {
                Arrival arrival = new Arrival(listeners.apply(i));
                streams.add(dataPlane.open(peer, service, Lane.DATA, order.encoded(), arrival, OPENING));
                arrivals.add(arrival);
            }
            streams.forEach(stream -> stream.send(new byte[1]));
            long end = System.nanoTime() + deadline.toNanos();
            for (Arrival arrival : arrivals) {
                arrival.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
            streams.forEach(AgentStream::finish);
        } catch (RuntimeException | InterruptedException e) {
            streams.forEach(stream -> stream.cancel("The measurement has failed."));
            throw e;
        }
    }
}
