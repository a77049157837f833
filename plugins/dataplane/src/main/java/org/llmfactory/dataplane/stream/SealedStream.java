package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.frame.Acknowledgement;
import org.llmfactory.dataplane.frame.FrameHeader;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.frame.StreamKey;
import org.llmfactory.dataplane.frame.Unsealer;

/**
 * One end of a stream: what it sends ({@link Outbound}), what it hears ({@link Inbound}, {@link Delivery}), the signals
 * between the ends ({@link Signals}) and the time that may pass without one ({@link Liveness}).
 */
final class SealedStream implements AgentStream, Route, FrameSource, Delivery.Owner {
    private enum Phase {
        OPEN,
        /** Over, but the other end may not know it yet. */
        LINGERING,
        FORGOTTEN
    }

    private final StreamKey key;
    private final AgentAddress peer;
    private final Unsealer unsealer;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Signals signals;
    private final Delivery delivery;
    private final Liveness liveness;
    private final LanePump pump;
    private final StreamMeters meters;
    private final Owner owner;
    private final AtomicBoolean queued = new AtomicBoolean();
    /** The network and the listener, both of which use resources. */
    private final AtomicInteger users = new AtomicInteger(2);

    /** Whether the service has taken it. Before that, the other end does not know it and cannot be silent. */
    private volatile boolean taken;

    private Phase phase = Phase.OPEN;
    private boolean cancelling;

    SealedStream(StreamParts parts, Owner owner) {
        this.key = parts.key();
        this.peer = parts.peer();
        this.unsealer = parts.unsealer();
        this.outbound = parts.outbound();
        this.inbound = parts.inbound();
        this.signals = parts.signals();
        this.liveness = parts.liveness();
        this.pump = parts.pump();
        this.meters = parts.meters();
        this.owner = owner;
        this.delivery = new Delivery(parts.executor(), this);
    }

    /** Keeps streams. */
    interface Owner {
        /** No frame for it is of use any more. */
        void onForgotten(SealedStream stream);

        /** It uses nothing any more. */
        void onReleased(SealedStream stream);

        /** Somebody says that the other end does not know it. */
        void onDoubt(SealedStream stream);
    }

    StreamKey key() {
        return key;
    }

    /** Begins to deliver. */
    void listen(StreamListener listener) {
        liveness.heard();
        taken = true;
        delivery.listen(listener);
    }

    @Override
    public String id() {
        return key.stream().toString();
    }

    @Override
    public AgentAddress peer() {
        return peer;
    }

    @Override
    public void send(byte[] message) {
        if (message.length > MAXIMUM_MESSAGE) {
            throw new IllegalArgumentException("A message has at most " + MAXIMUM_MESSAGE + " bytes");
        }
        if (!outbound.send(message)) {
            FactoryException reason = new FactoryException(
                    ErrorCode.OVERLOADED, "The agent " + peer + " does not take what is sent to it fast enough.");
            fail(reason);
            throw reason;
        }
        meters.sent(message.length);
        pump.ready(this);
    }

    @Override
    public boolean awaitWritable(Duration deadline) throws InterruptedException {
        return outbound.awaitWritable(deadline);
    }

    @Override
    public void finish() {
        outbound.finish();
        pump.ready(this);
    }

    @Override
    public void cancel(String reason) {
        FactoryException failure = new FactoryException(ErrorCode.CONFLICT, reason);
        end(failure, true);
        delivery.silence();
    }

    /** Ends both directions because this end cannot go on; both listeners hear the reason. */
    void fail(FactoryException reason) {
        if (end(reason, true)) {
            delivery.fail(reason, false);
        }
    }

    /** The other end is known not to know the stream. */
    void deny() {
        FactoryException reason = new FactoryException(
                ErrorCode.OVERLOADED, "The agent " + peer + " has been restarted and no longer knows the stream.");
        if (end(reason, false)) {
            delivery.fail(reason, false);
        }
        forget();
    }

    /** The stream has not been taken after all; nobody has heard of it. */
    void abandon() {
        end(new FactoryException(ErrorCode.CONFLICT, "The stream was not taken."), false);
        delivery.silence();
        forget();
    }

    /** Whether it was open until now. */
    private boolean end(FactoryException reason, boolean tell) {
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return false;
            }
            phase = Phase.LINGERING;
            cancelling = tell;
            liveness.linger();
        }
        outbound.close(reason);
        inbound.close();
        if (tell) {
            signals.reason(reason);
            signal(FrameType.CANCEL);
        }
        release();
        return true;
    }

    @Override
    public void onFrame(FrameHeader header, byte[] frame) {
        if (header.type() == FrameType.UNKNOWN) {
            onUnknown();
        } else if (header.type().isReliable()) {
            onReliable(header, frame);
        } else {
            onSignal(header, frame);
        }
    }

    private void onReliable(FrameHeader header, byte[] frame) {
        Inbound.Verdict verdict = inbound.judge(header.number());
        byte[] content = verdict == Inbound.Verdict.NEW ? unsealer.open(header, frame) : null;
        if (content == null) {
            meters.refused();
            return;
        }
        liveness.heard();
        meters.received(content.length);
        Inbound.Outcome outcome = inbound.take(header.number(), new Inbound.Arrived(header.type(), content));
        if (outcome.excessive()) {
            fail(new FactoryException(ErrorCode.INTERNAL, "More was sent on the stream than there was credit for."));
            return;
        }
        if (outcome.urgent()) {
            signal(FrameType.ACKNOWLEDGE);
        }
        if (!outcome.ready().isEmpty()) {
            delivery.add(outcome.ready());
            completeIfDone();
        }
    }

    private void onSignal(FrameHeader header, byte[] frame) {
        byte[] content = header.number() > signals.lastHeard() ? unsealer.open(header, frame) : null;
        if (content == null) {
            meters.refused();
            return;
        }
        liveness.heard();
        signals.heard(header.number());
        switch (header.type()) {
            case ACKNOWLEDGE -> onAcknowledgement(Acknowledgement.read(content));
            case PING -> signal(FrameType.ACKNOWLEDGE);
            case CANCEL -> onCancel(Signals.read(content));
            case CLOSED -> onClosed();
            case DATA, END, UNKNOWN -> throw new IllegalArgumentException("No signal: " + header.type());
        }
    }

    private void onAcknowledgement(@Nullable Acknowledgement acknowledgement) {
        if (acknowledgement == null) {
            return;
        }
        Outbound.Progress progress = outbound.acknowledge(acknowledgement);
        if (progress.moved()) {
            liveness.progress();
        }
        if (progress.lost()) {
            // What is sent again may be lost again: the answer to a ping behind it tells.
            signal(FrameType.PING);
        } else if (progress.sendable()) {
            pump.ready(this);
        }
        completeIfDone();
    }

    private void onCancel(FactoryException reason) {
        if (end(reason, false)) {
            delivery.fail(reason, true);
        }
        // Should this be lost, the next ping of the other end is told that there is no such stream.
        signal(FrameType.CLOSED);
        forget();
    }

    /** Both ends have everything: there is nothing to wait for but that the other end knows it. */
    private void completeIfDone() {
        if (!inbound.isEnded() || !outbound.isDelivered()) {
            return;
        }
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.LINGERING;
            liveness.linger();
        }
        signals.ask(FrameType.ACKNOWLEDGE);
        signal(FrameType.CLOSED);
        release();
    }

    private void onClosed() {
        outbound.acknowledgeAll();
        completeIfDone();
        if (isLingering()) {
            // What is due is still sent, above all that this end is done, too.
            forget();
        }
    }

    private void onUnknown() {
        if (isLingering()) {
            forget();
        } else if (liveness.isDoubtDue(System.nanoTime())) {
            owner.onDoubt(this);
        }
    }

    private synchronized boolean isLingering() {
        return phase == Phase.LINGERING;
    }

    private void forget() {
        synchronized (this) {
            if (phase == Phase.FORGOTTEN) {
                return;
            }
            phase = Phase.FORGOTTEN;
        }
        owner.onForgotten(this);
    }

    @Override
    public void tick(long now) {
        if (isLingering()) {
            tickLingering(now);
            return;
        }
        if (taken && liveness.isSilent(now)) {
            fail(new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The agent " + peer + " has been silent for too long."));
            return;
        }
        if (inbound.owesAcknowledgement()) {
            signal(FrameType.ACKNOWLEDGE);
        }
        if (liveness.isPingDue(now, outbound.isExpecting())) {
            signal(FrameType.PING);
        }
    }

    private void tickLingering(long now) {
        if (liveness.hasLingered(now)) {
            forget();
        } else if (liveness.isPingDue(now, true)) {
            if (cancelling) {
                signals.ask(FrameType.CANCEL);
            }
            signal(FrameType.PING);
        }
    }

    @Override
    public void excuse(long nanos) {
        liveness.excuse(nanos);
    }

    @Override
    public void onUp() {
        signal(FrameType.PING);
    }

    private void signal(FrameType type) {
        signals.ask(type);
        pump.ready(this);
    }

    @Override
    public byte @Nullable [] nextFrame() {
        byte[] signal = signals.poll();
        return signal != null ? signal : outbound.poll();
    }

    @Override
    public boolean queue() {
        return queued.compareAndSet(false, true);
    }

    @Override
    public void unqueue() {
        queued.set(false);
    }

    @Override
    public void onTaken(int cost) {
        if (inbound.taken(cost)) {
            signal(FrameType.ACKNOWLEDGE);
        }
    }

    @Override
    public void onListenerFailure() {
        fail(new FactoryException(ErrorCode.INTERNAL, "Whoever receives the stream has failed."));
    }

    @Override
    public void onDelivered() {
        release();
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            owner.onReleased(this);
        }
    }
}
