package org.llmfactory.ledger;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

/** A PostgreSQL database that the tests of this JVM share. */
public final class PostgresTables {
    private PostgresTables() {}

    private static final class Shared {
        static final PostgresDatabase DATABASE = new PostgresDatabase();
    }

    /** The database; there for as long as the JVM. */
    public static Database shared() {
        return Shared.DATABASE;
    }
}
