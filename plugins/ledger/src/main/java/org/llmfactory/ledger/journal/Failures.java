package org.llmfactory.ledger.journal;

import java.sql.SQLException;

/** What the log says of a failure: not the statement's values, which JDBI would tell. */
final class Failures {
    private static final int DEPTH = 20;

    private Failures() {}

    /** The database's own words, or the kind of failure. */
    static String cause(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEPTH && cause != null; depth++) {
            if (cause instanceof SQLException database) {
                return "SQL state " + database.getSQLState() + ", " + database.getMessage();
            }
            cause = cause.getCause();
        }
        return failure.getClass().getSimpleName();
    }
}
