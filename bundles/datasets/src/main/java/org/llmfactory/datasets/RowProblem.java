package org.llmfactory.datasets;

import java.util.Objects;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Why a row cannot be used.
 *
 * @param line see {@link Row#line()}
 * @param message for people; quotes at most a word of the row
 */
public record RowProblem(int line, String message) {
    public RowProblem {
        Objects.requireNonNull(message, "message");
    }

    /** {@code INVALID_FILE} with the line. */
    public FactoryException toFailure() {
        return new FactoryException(ErrorCode.INVALID_FILE, "line " + line + ": " + message);
    }
}
