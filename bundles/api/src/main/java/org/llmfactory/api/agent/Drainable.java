package org.llmfactory.api.agent;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Work that must end before its bundle is stopped. A bundle that has such work registers this service; the {@link
 * PluginManager} calls it before an update or removal.
 */
@ConsumerType
public interface Drainable {
    /**
     * Takes no new work and waits for the work in flight.
     *
     * @return true when nothing is left, false when the deadline passed first
     */
    boolean drain(Duration deadline) throws InterruptedException;

    /** Takes work again, after an update that did not happen. */
    void resume();
}
