package org.llmfactory.trainer.remote.wire;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.DamagedObjectException;

/**
 * A failure on its way to the other end.
 *
 * @param kind which exception it is
 * @param message what it says; of a damaged object its key
 * @param code of a {@link FactoryException}
 * @param parameter of one
 */
public record Problem(
        Kind kind,
        String message,
        @Nullable ErrorCode code,
        @Nullable String parameter) {
    /** Exceptions that keep their type. */
    public enum Kind {
        FAILURE,
        STORE,
        DAMAGED,
        ARGUMENT
    }

    /** Describes an exception; one of another type becomes {@code INTERNAL} without its message. */
    public static Problem of(Throwable failure) {
        if (failure instanceof FactoryException known) {
            return new Problem(
                    Kind.FAILURE,
                    message(known),
                    known.code(),
                    known.parameter().orElse(null));
        }
        if (failure instanceof DamagedObjectException damaged) {
            return new Problem(Kind.DAMAGED, damaged.key(), null, null);
        }
        if (failure instanceof IOException) {
            return new Problem(Kind.STORE, message(failure), null, null);
        }
        if (failure instanceof IllegalArgumentException) {
            return new Problem(Kind.ARGUMENT, message(failure), null, null);
        }
        return new Problem(Kind.FAILURE, "The controller failed.", ErrorCode.INTERNAL, null);
    }

    private static String message(Throwable failure) {
        return Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
    }

    /** Throws it. */
    void raise() throws IOException {
        switch (kind) {
            case STORE -> throw new IOException(message);
            case DAMAGED -> throw new DamagedObjectException(message, "the controller found it so", null);
            case ARGUMENT -> throw new IllegalArgumentException(message);
            case FAILURE -> throw failure();
        }
    }

    /** As a failure of the run. */
    public FactoryException failure() {
        ErrorCode known = code == null ? ErrorCode.INTERNAL : code;
        return parameter == null
                ? new FactoryException(known, message)
                : FactoryException.ofParameter(known, parameter, message);
    }
}
