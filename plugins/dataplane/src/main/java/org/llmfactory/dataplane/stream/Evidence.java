package org.llmfactory.dataplane.stream;

import java.util.Collection;
import org.llmfactory.dataplane.frame.Acknowledgement;

/**
 * Finds out which transmissions are known to be over: what was sent before one that has arrived, and has not arrived
 * itself, is lost. Frames that a relay has put in another order are then sent once more than needed, which does no harm.
 */
final class Evidence {
    /** So many places a frame may come late without being taken for lost. */
    private static final int LATE = 3;

    private static final int SIGNALS = 16;

    private final long[] numbers = new long[SIGNALS];
    private final long[] transmissions = new long[SIGNALS];
    private int signals;
    private long latest;

    /** A signal of this number is sent after so many transmissions. */
    void signalled(long number, long sent) {
        numbers[signals % SIGNALS] = number;
        transmissions[signals % SIGNALS] = sent;
        signals++;
    }

    /** A frame has arrived. Of one that was sent twice nobody knows which it was. */
    void arrived(Outgoing outgoing) {
        if (!outgoing.hasArrived() && !outgoing.isRepeated()) {
            latest = Math.max(latest, outgoing.transmission() - LATE);
        }
    }

    /**
     * Marks what an acknowledgement says to have arrived out of order.
     *
     * @return what was transmitted before this and has not arrived is lost
     */
    long of(Acknowledgement acknowledgement, Collection<Outgoing> inFlight) {
        mark(acknowledgement, inFlight);
        for (int index = 0; index < Math.min(signals, SIGNALS); index++) {
            if (numbers[index] <= acknowledgement.echo()) {
                latest = Math.max(latest, transmissions[index] + 1);
            }
        }
        return latest;
    }

    private void mark(Acknowledgement acknowledgement, Collection<Outgoing> inFlight) {
        if (acknowledgement.ranges().isEmpty()) {
            return;
        }
        int index = 0;
        for (Outgoing outgoing : inFlight) {
            while (index < acknowledgement.ranges().size()
                    && acknowledgement.ranges().get(index).end() <= outgoing.number) {
                index++;
            }
            if (index == acknowledgement.ranges().size()) {
                return;
            }
            if (acknowledgement.ranges().get(index).start() <= outgoing.number) {
                arrived(outgoing);
                outgoing.arrived();
            }
        }
    }
}
