package org.llmfactory.messaging.envelope;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A frame that is not taken. The message says why, and nothing of what is in the frame. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;
    private final transient @Nullable Received received;

    RefusedException(Refusal reason, String message) {
        this(reason, message, null, null);
    }

    RefusedException(Refusal reason, String message, @Nullable Throwable cause) {
        this(reason, message, null, cause);
    }

    private RefusedException(Refusal reason, String message, @Nullable Received received, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.received = received;
    }

    /** A message whose sender is known for certain, so that he can be told. */
    static RefusedException of(Received received, Refusal reason, String message) {
        return new RefusedException(reason, message, received, null);
    }

    /** An answer that nobody waits for. */
    public static RefusedException unsolicited(String message) {
        return new RefusedException(Refusal.UNSOLICITED, message);
    }

    public Refusal reason() {
        return reason;
    }

    /** The message, when its sender is known for certain and may be told. */
    public Optional<Received> received() {
        return Optional.ofNullable(received);
    }
}
