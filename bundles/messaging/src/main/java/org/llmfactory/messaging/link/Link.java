package org.llmfactory.messaging.link;

import java.time.Duration;
import java.util.function.Consumer;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This agent's way to all others: frames, a lane each, through the brokers. Frames may be lost, repeated or (over a change of
 * connection) come out of order, and their content is whatever whoever sent them wrote: who uses this seals, numbers and
 * checks. OSGi service, there while the agent belongs to a network; safe for several threads.
 */
@ProviderType
public interface Link {
    /** The largest frame, in bytes. */
    int MAXIMUM_FRAME = 80 * 1024;

    /**
     * Sends a frame, if there is a connection; otherwise it is lost (waits, on {@link Lane#CONTROL}, until the connection is
     * back or its time has passed). May wait for the connection's own flow control.
     *
     * @param timeToLive after which nobody is to deliver it any more
     */
    void send(Lane lane, AgentAddress to, byte[] frame, Duration timeToLive) throws InterruptedException;

    /**
     * Hears the frames for this agent on a lane, one at a time, from one thread. One receiver a lane.
     *
     * @return ends it
     */
    Registration receive(Lane lane, Consumer<byte[]> receiver);

    /** Hears when the lane's connection has come back (after which lost frames may be sent again), from a thread of it. */
    Registration onUp(Lane lane, Runnable listener);

    /** Whether a lane has a connection now. */
    boolean isUp(Lane lane);

    /** Something that lasts until it is closed. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
