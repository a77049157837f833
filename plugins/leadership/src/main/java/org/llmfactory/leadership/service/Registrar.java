package org.llmfactory.leadership.service;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.View;
import org.llmfactory.leadership.store.ControllerRegister;

/**
 * Enters this controller in the register and takes retired ones out, leaving the pause between two changes that elections
 * rely on. It measures the pause from when it saw the last change itself, so no clock needs to agree with another.
 */
final class Registrar {
    private final ControllerRegister register;
    private final AgentAddress self;
    private final Duration pause;
    private final LongSupplier nanoTime;

    private boolean registered;
    private long version = -1;
    private long versionSeenAt;

    Registrar(ControllerRegister register, AgentAddress self, Duration pause, LongSupplier nanoTime) {
        this.register = register;
        this.self = self;
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the register, and enters this controller when it was not there in this run. One that was taken out while it
     * runs does not enter itself again.
     */
    synchronized View refresh() {
        View view = look();
        registered = registered || view.members().contains(self);
        boolean first = view.version() == 0;
        if (registered || !(first || missing() <= 0)) {
            return view;
        }
        register.add(self, Clock.systemUTC().instant(), view.version());
        return look();
    }

    /**
     * Takes a controller out.
     *
     * @param last done in the same transaction
     * @throws FactoryException {@code NOT_FOUND}; {@code CONFLICT} while the last change is too recent
     */
    synchronized void remove(AgentAddress controller, Runnable last) {
        View view = look();
        if (!view.members().contains(controller)) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "There is no controller " + controller.name() + ".");
        }
        if (missing() > 0) {
            throw recent(Duration.ofNanos(missing()));
        }
        if (!register.remove(controller, view.version(), last)) {
            throw recent(pause);
        }
    }

    private static FactoryException recent(Duration left) {
        Duration seconds = Duration.ofSeconds(left.toSeconds() + 1);
        return FactoryException.retryLater(
                ErrorCode.CONFLICT,
                seconds,
                "The controllers of this network have changed a moment ago. Try again in " + seconds.toSeconds()
                        + " seconds.");
    }

    private View look() {
        View view = register.read();
        if (view.version() != version) {
            version = view.version();
            versionSeenAt = nanoTime.getAsLong();
        }
        return view;
    }

    /** Nanoseconds until the next change may be made. */
    private long missing() {
        return pause.toNanos() - (nanoTime.getAsLong() - versionSeenAt);
    }
}
