package org.llmfactory.policies;

import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.policies.content.PolicyStore;

/** One database in memory for all tests of this JVM that run one after the other: opening one takes longer than they do. */
public final class TestTables {
    private static final TemporaryDatabase DATABASE = new TemporaryDatabase();

    private TestTables() {}

    /** The database with empty tables. */
    public static Database empty() {
        Jdbi jdbi = DATABASE.open("policies", PolicyStore.class);
        jdbi.useHandle(handle -> {
            handle.execute("DELETE FROM budget_lease");
            handle.execute("DELETE FROM budget_account");
            handle.execute("DELETE FROM content_policy_version");
            handle.execute("DELETE FROM content_policy");
        });
        return DATABASE;
    }
}
