package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.ledger.Configs;
import org.llmfactory.ledger.chain.Verification;

/**
 * A ledger with its home in a folder of the test. All share one database in memory unless they bring their own; each finds
 * it empty.
 */
public final class TestLedger implements AutoCloseable {
    private static final TemporaryDatabase MEMORY = new TemporaryDatabase();

    private final Database database;
    private final Path home;
    private LedgerStore store;
    private ChainedLedger ledger;

    public TestLedger(Path home) {
        this(memory(), home, Clock.systemUTC());
    }

    private TestLedger(Database database, Path home) {
        this.database = database;
        this.home = home;
    }

    public TestLedger(Database database, Path home, Clock clock) {
        this(database, home);
        Jdbi tables = database.open("ledger", LedgerStore.class);
        tables.useHandle(handle -> List.of("audit_entry", "audit_transcript", "usage_minute")
                .forEach(table -> handle.execute("DELETE FROM " + table)));
        open(clock);
    }

    /** Another agent's ledger in the same database. */
    public static TestLedger beside(TestLedger first, Path home) {
        TestLedger second = new TestLedger(first.database, home);
        second.open(Clock.systemUTC());
        return second;
    }

    /** The database that tests share. */
    public static Database memory() {
        return MEMORY;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** The ledger as REST callers see it: everything is in the tables at once. */
    public Ledger flushed() {
        return new Ledger() {
            @Override
            public String record(AuditEvent event) {
                String id = ledger.record(event);
                ledger.flush();
                return id;
            }

            @Override
            public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
                String id = ledger.record(event, usage, transcript);
                ledger.flush();
                return id;
            }

            @Override
            public void flush() {
                ledger.flush();
            }

            @Override
            public long tokensUsed(String project, Instant since) {
                return ledger.tokensUsed(project, since);
            }
        };
    }

    public LedgerStore store() {
        return store;
    }

    /** The tables, with everything that was recorded. */
    public Jdbi tables() {
        ledger.flush();
        return store.tables();
    }

    /** Ends the ledger and begins another on the same tables and home. */
    public void restart() {
        end();
        begin();
    }

    /** Begins anew after {@link #end}. */
    public void begin() {
        open(Clock.systemUTC());
    }

    /** Ends the ledger; its tables stay. */
    public void end() {
        try {
            ledger.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public Verification verify(String... peers) {
        try {
            ledger.flush();
            return store.verify(Set.of(peers));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        end();
    }

    private void open(Clock clock) {
        try {
            store = new LedgerStore(database, new FolderHome(home));
            ledger = new ChainedLedger(
                    store,
                    new LedgerMetrics(),
                    Configs.with(ChainedLedger.Config.class, Map.of("deadlineMillis", 30_000)),
                    clock);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public static AuditEvent event(String type) {
        Actor actor = new Actor(Actor.Kind.API_KEY, "user-1", Optional.of("key_1"), "127.0.0.1");
        return new AuditEvent(type, actor, Optional.of("proj_a"), Optional.of("res_1"), Map.of("name", "x"));
    }

    public static UsageEntry usage(String project, long input, long cached, long output) {
        return new UsageEntry(
                "completions",
                project,
                "user-1",
                Optional.of("key_1"),
                "base",
                "",
                Usage.ofTokens(input, cached, output));
    }
}
