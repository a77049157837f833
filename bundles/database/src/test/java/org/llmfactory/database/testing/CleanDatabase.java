package org.llmfactory.database.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;

/**
 * A Derby database in memory, as good as new. Making one takes a second or more, so all tests of a JVM, which run one after
 * the other, take turns with one, and each leaves its tables empty.
 */
public final class CleanDatabase implements Database, AutoCloseable {
    private static final TemporaryDatabase SHARED = new TemporaryDatabase();

    private final Set<String> seeded;
    private final List<ChangeFeed.Subscription> subscriptions = new ArrayList<>();

    /** @param seeded tables that the migrations have filled, and that tests do not change in a way that matters */
    public CleanDatabase(String... seeded) {
        this.seeded = Set.of(seeded);
    }

    @Override
    public Jdbi open(String plugin, Class<?> owner) {
        return SHARED.open(plugin, owner);
    }

    /** The news; who was never told to stop hears none once this is closed. */
    @Override
    public ChangeFeed changes() {
        return new ChangeFeed() {
            @Override
            public void publish(String topic, String key) {
                SHARED.changes().publish(topic, key);
            }

            @Override
            public Subscription subscribe(String topic, Consumer<String> listener) {
                Subscription subscription = SHARED.changes().subscribe(topic, listener);
                synchronized (subscriptions) {
                    subscriptions.add(subscription);
                }
                return subscription;
            }
        };
    }

    @Override
    public void close() {
        synchronized (subscriptions) {
            subscriptions.forEach(ChangeFeed.Subscription::close);
        }
        Jdbi tables = Jdbi.create(SHARED.dataSource());
        List<String> left = tables.withHandle(
                handle -> handle.createQuery("SELECT tablename FROM sys.systables WHERE tabletype = 'T'")
                        .mapTo(String.class)
                        .list());
        left.removeIf(table -> table.toLowerCase(Locale.ROOT).startsWith("schema_history_")
                || seeded.contains(table.toLowerCase(Locale.ROOT)));
        while (!left.isEmpty()) {
            if (!left.removeIf(table -> isEmptied(tables, table))) {
                throw new IllegalStateException("these tables hold each other: " + left);
            }
        }
    }

    /** Whether nothing refers to its rows any more. */
    private static boolean isEmptied(Jdbi tables, String table) {
        try {
            tables.useHandle(handle -> handle.execute("DELETE FROM \"" + table + "\""));
            return true;
        } catch (UnableToExecuteStatementException referredTo) {
            return false;
        }
    }
}
