package org.llmfactory.rest;

import java.io.IOException;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** A body went over its limit while it was read. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long limit;

    public BodyTooLargeException(long limit) {
        super("body over " + limit + " bytes");
        this.limit = limit;
    }

    /** What the caller is told. */
    public FactoryException toFailure() {
        return new FactoryException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "The request body is larger than the " + limit + " bytes that are taken here.");
    }
}
