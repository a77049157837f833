package org.llmfactory.messaging.envelope;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.llmfactory.api.network.AgentAddress;

/**
 * A control message, before it is signed and after its signature was checked.
 *
 * @param kind what it is
 * @param id of this one message; a call that is sent again gets another one
 * @param call joins a call and its answers, a key request and its key
 * @param to whom it is for
 * @param issued when it was made
 * @param expires after which it is of no use
 * @param action what a call asks for; else empty
 * @param key where to seal an answer to, in a call; the key, in the answer to a key request
 * @param body JSON; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Message(
        Kind kind,
        UUID id,
        UUID call,
        AgentAddress to,
        Instant issued,
        Instant expires,
        String action,
        Optional<SealingKey> key,
        byte[] body) {
    /** The largest body, in bytes. */
    public static final int MAXIMUM_BODY = 68 * 1024;

    /** The kinds of messages. */
    public enum Kind {
        /** Asks for an action. */
        CALL(1, true),
        /** What an action has returned. */
        RESULT(2, true),
        /** Why an action has not. */
        FAILURE(3, true),
        /** Asks for the key that a call can be sealed to. */
        KEY_REQUEST(4, false),
        /** That key. */
        KEY(5, false);

        private final int code;
        private final boolean sealed;

        Kind(int code, boolean sealed) {
            this.code = code;
            this.sealed = sealed;
        }

        int code() {
            return code;
        }

        /** Whether it travels sealed; the others hold nothing that anybody may not see. */
        boolean sealed() {
            return sealed;
        }

        static Optional<Kind> of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }
}
