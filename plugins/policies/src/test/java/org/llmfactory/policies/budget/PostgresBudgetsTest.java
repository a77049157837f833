package org.llmfactory.policies.budget;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

/** Every agent has a pool of connections of its own, as in several processes. */
final class PostgresBudgetsTest extends BudgetsContract {
    private static final Map<String, PostgresDatabase> AGENTS = new HashMap<>();
    private static PostgresDatabase database;

    @BeforeAll
    static void open() {
        database = new PostgresDatabase();
    }

    @AfterAll
    static void close() {
        AGENTS.values().forEach(PostgresDatabase::close);
        database.close();
    }

    @Override
    Database database(String agent) {
        return AGENTS.computeIfAbsent(agent, any -> database.ofAnotherAgent());
    }
}
