package org.llmfactory.ledger.journal;

import java.sql.SQLException;

/** What the log says of a failure. Never the database's own words: they may hold the values of a row. */
final class Failures {
    private static final int DEPTH = 20;

    private Failures() {}

    /** The SQL state, or the kind of failure. */
    static String cause(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEPTH && cause != null; depth++) {
            if (cause instanceof SQLException database) {
                return "SQL state " + database.getSQLState() + ", error " + database.getErrorCode();
            }
            cause = cause.getCause();
        }
        return failure.getClass().getName();
    }
}
