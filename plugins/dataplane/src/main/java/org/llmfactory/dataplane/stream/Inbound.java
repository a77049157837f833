package org.llmfactory.dataplane.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llmfactory.dataplane.frame.Acknowledgement;
import org.llmfactory.dataplane.frame.FrameType;

/** The direction that this end hears: puts frames in order and gives credit as they are taken. Safe for several threads. */
final class Inbound {
    /** Frames that are this far ahead cannot have been sent within any window. */
    private static final long FARTHEST = StreamLimits.LARGEST_WINDOW / StreamLimits.cost(new byte[0]);

    private final int window;
    private final TreeMap<Long, Arrived> early = new TreeMap<>();
    private long next;
    private long arrivedCost;
    private long takenCost;
    private long givenLimit;
    private long unacknowledged;
    private boolean ended;

    Inbound(int window) {
        this.window = window;
        this.givenLimit = window;
    }

    /** A frame that has been opened. */
    @SuppressWarnings("ArrayRecordComponent")
    record Arrived(FrameType type, byte[] content) {}

    /** What is to be done with a frame. */
    enum Verdict {
        /** Open it. */
        NEW,
        /** It was here before; the other end does not know it yet. */
        REPEATED,
        /** It cannot be meant. */
        IMPOSSIBLE
    }

    /**
     * What came of a frame.
     *
     * @param ready what can be delivered now, in order
     * @param urgent whether the other end must be told at once
     * @param excessive whether the other end has sent more than it had credit for
     */
    record Outcome(List<Arrived> ready, boolean urgent, boolean excessive) {}

    synchronized Verdict judge(long number) {
        if (number < next || early.containsKey(number)) {
            unacknowledged++;
            return Verdict.REPEATED;
        }
        return ended || number - next > FARTHEST ? Verdict.IMPOSSIBLE : Verdict.NEW;
    }

    synchronized Outcome take(long number, Arrived frame) {
        int cost = StreamLimits.cost(frame.content());
        arrivedCost += cost;
        unacknowledged += cost;
        if (arrivedCost > givenLimit) {
            return new Outcome(List.of(), false, true);
        }
        if (number != next) {
            boolean firstGap = early.isEmpty();
            early.put(number, frame);
            return new Outcome(List.of(), firstGap, false);
        }
        boolean gap = !early.isEmpty();
        List<Arrived> ready = inOrder(frame);
        return new Outcome(ready, gap || ended || unacknowledged >= window / 4, false);
    }

    private List<Arrived> inOrder(Arrived first) {
        List<Arrived> ready = new ArrayList<>(1);
        Arrived frame = first;
        while (frame != null) {
            ready.add(frame);
            next++;
            ended = frame.type() == FrameType.END;
            frame = ended ? null : early.remove(next);
        }
        return ready;
    }

    /**
     * The listener has taken messages.
     *
     * @return whether the other end is to be given credit at once
     */
    synchronized boolean taken(int cost) {
        takenCost += cost;
        return takenCost + window - givenLimit >= window / 4;
    }

    /** What to tell the other end; from now on it has been told. */
    synchronized Acknowledgement acknowledge(long echo) {
        unacknowledged = 0;
        givenLimit = takenCost + window;
        List<Acknowledgement.Range> ranges = new ArrayList<>();
        boolean complete = true;
        Acknowledgement.@Nullable Range last = null;
        for (Map.Entry<Long, Arrived> entry : early.entrySet()) {
            long number = entry.getKey();
            if (last != null && last.end() == number) {
                last = new Acknowledgement.Range(last.start(), number + 1);
                ranges.set(ranges.size() - 1, last);
            } else if (ranges.size() == Acknowledgement.MAXIMUM_RANGES) {
                complete = false;
                break;
            } else {
                last = new Acknowledgement.Range(number, number + 1);
                ranges.add(last);
            }
        }
        return new Acknowledgement(next, givenLimit, echo, ranges, complete);
    }

    /** Whether something has come or was taken that the other end does not know yet. */
    synchronized boolean owesAcknowledgement() {
        return unacknowledged > 0 || takenCost + window > givenLimit;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Drops what waits for others. */
    synchronized void close() {
        early.clear();
        ended = true;
    }
}
