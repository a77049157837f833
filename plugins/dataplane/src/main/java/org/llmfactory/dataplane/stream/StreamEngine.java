package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.frame.FrameHeader;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.frame.Unsealer;
import org.llmfactory.messaging.link.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All streams of this agent: takes frames from the link to where they belong, and lets time pass. */
public final class StreamEngine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StreamEngine.class);
    private static final List<Lane> LANES = List.of(Lane.LIVE, Lane.DATA);
    private static final Duration FAREWELL = Duration.ofMillis(500);
    /** Pings of unknown streams that are answered in one {@link Ticker#PERIOD}. */
    private static final int ANSWERS = 4;

    private final AgentAddress self;
    private final StreamMeters meters;
    private final StreamTable table = new StreamTable();
    private final Map<Lane, LanePump> pumps = new EnumMap<>(Lane.class);
    private final List<Link.Registration> registrations = new ArrayList<>();
    /** A thread for each listener that is at work: no more than there may be streams. */
    private final ExecutorService listeners;

    private final Doubts doubts;
    private final StreamAcceptor acceptor;
    private final StreamOpener opener;
    private final Ticker ticker;
    private final AtomicInteger answers = new AtomicInteger(ANSWERS);
    private volatile StreamLimits limits;

    public StreamEngine(
            AgentAddress self,
            Link link,
            ControlPlane controlPlane,
            StreamServices services,
            StreamLimits limits,
            StreamMeters meters) {
        this.self = self;
        this.meters = meters;
        this.limits = limits;
        this.doubts = new Doubts(controlPlane);
        this.listeners = listenerThreads();
        LANES.forEach(lane -> pumps.put(lane, new LanePump(lane, link, limits.silence(lane))));
        StreamFactory factory = new StreamFactory(self, pumps, listeners, meters);
        SealedStream.Owner owner = new Keeper();
        this.acceptor = new StreamAcceptor(self, services, table, factory, () -> this.limits, owner);
        this.opener = new StreamOpener(self, controlPlane, table, factory, () -> this.limits, owner);
        this.ticker = new Ticker(this::tick);
        for (Lane lane : LANES) {
            registrations.add(link.receive(lane, frame -> receiveSafely(lane, frame)));
            registrations.add(link.onUp(lane, () -> table.routes().forEach(Route::onUp)));
        }
    }

    /** Idle threads are taken first; those that have been idle for long end. */
    private static ExecutorService listenerThreads() {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "llmfactory-stream-listener");
                    thread.setDaemon(true);
                    return thread;
                },
                // Once this agent has stopped streaming nobody is told anything.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    public DataPlane dataPlane() {
        return opener;
    }

    /** What other agents are to be offered. */
    public List<AgentAction<?, ?>> actions() {
        return List.of(new OpenAction(acceptor), new KnownAction(table));
    }

    /** Ends of streams that frames may still come for. */
    public int known() {
        return table.routes().size();
    }

    /** Bounds for streams that are opened from now on. */
    public void limit(StreamLimits bounds) {
        limits = bounds;
    }

    private void receiveSafely(Lane lane, byte[] frame) {
        try {
            receive(lane, frame);
        } catch (RuntimeException e) {
            meters.refused();
            log.warn("A frame could not be dealt with", e);
        }
    }

    private void receive(Lane lane, byte[] frame) {
        FrameHeader header = FrameHeader.read(frame);
        Route route = header == null ? null : table.find(header.key());
        if (route != null && header != null) {
            route.onFrame(header, frame);
            return;
        }
        meters.refused();
        if (header != null && header.type() == FrameType.PING) {
            Unsealer.asker(frame).ifPresent(asker -> answer(lane, asker, header));
        }
    }

    /** Tells someone that there is no such stream, not too often: anyone can ask. */
    private void answer(Lane lane, AgentAddress asker, FrameHeader header) {
        if (asker.mayReach(self) && answers.getAndDecrement() > 0) {
            pump(lane).ready(new SingleFrame(asker, FrameHeader.unknown(header)));
        }
    }

    private LanePump pump(Lane lane) {
        return Objects.requireNonNull(pumps.get(lane));
    }

    private void tick(long now, long standstill) {
        answers.set(ANSWERS);
        for (Route route : table.routes()) {
            route.excuse(standstill);
            route.tick(now);
        }
    }

    /** Ends all streams; both ends hear why. */
    @Override
    public void close() {
        FactoryException reason =
                new FactoryException(ErrorCode.OVERLOADED, "The agent " + self + " is about to stop streaming.");
        for (Route route : table.routes()) {
            if (route instanceof SealedStream stream) {
                stream.fail(reason);
            }
        }
        try {
            for (LanePump pump : pumps.values()) {
                pump.drain(FAREWELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ticker.close();
        registrations.forEach(Link.Registration::close);
        pumps.values().forEach(LanePump::close);
        listeners.shutdown();
    }

    private final class Keeper implements SealedStream.Owner {
        @Override
        public void onForgotten(SealedStream stream) {
            table.remove(stream.key(), stream);
            acceptor.forget(stream.key());
        }

        @Override
        public void onReleased(SealedStream stream) {
            table.release(stream.peer());
            meters.closed();
        }

        @Override
        public void onDoubt(SealedStream stream) {
            doubts.raise(stream);
        }
    }

    /** A frame of no stream. */
    private static final class SingleFrame implements FrameSource {
        private final AgentAddress peer;
        private byte @Nullable [] frame;

        SingleFrame(AgentAddress peer, byte[] frame) {
            this.peer = peer;
            this.frame = frame;
        }

        @Override
        public AgentAddress peer() {
            return peer;
        }

        @Override
        public byte @Nullable [] nextFrame() {
            byte[] only = frame;
            frame = null;
            return only;
        }

        @Override
        public boolean queue() {
            return true;
        }

        @Override
        public void unqueue() {
            // Queued once.
        }
    }
}
