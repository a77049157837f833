package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;
import org.llmfactory.database.testing.PostgresServer;
import org.postgresql.ds.PGSimpleDataSource;

final class PostgresDatabaseTest extends DatabaseContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anotherAgentHearsOfAChangeWithinASecond() {
        try (PostgresDatabase other = database.ofAnotherAgent()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            other.changes().subscribe("api_keys", heard::add);

            database.changes().publish("api_keys", "key_1 with spaces");

            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> heard.contains("key_1 with spaces"));
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void aFailureDoesNotQuoteTheValuesItWasAbout() {
        Jdbi tables = database.open("test", PostgresDatabaseTest.class);

        assertThatThrownBy(() -> tables.useHandle(handle -> {
                    PreparedBatch batch = handle.prepareBatch("INSERT INTO note (id, words) VALUES (:id, :words)");
                    batch.bind("id", "same").bind("words", "canary").add();
                    batch.bind("id", "same").bind("words", "canary").add();
                    batch.execute();
                }))
                .rootCause()
                .isInstanceOf(SQLException.class)
                .message()
                .doesNotContain("canary");
    }

    @Test
    void oneHearsOfOnesOwnChangesOnce() {
        try (PostgresDatabase other = database.ofAnotherAgent()) {
            List<String> own = new CopyOnWriteArrayList<>();
            List<String> others = new CopyOnWriteArrayList<>();
            database.changes().subscribe("presets", own::add);
            other.changes().subscribe("presets", others::add);

            database.changes().publish("presets", "first");
            // Notifications keep their order: when its answer is there, one's own notification has been seen, too.
            await().atMost(Duration.ofSeconds(1)).until(() -> others.contains("first"));
            other.changes().publish("presets", "second");
            await().atMost(Duration.ofSeconds(1)).until(() -> own.contains("second"));

            assertThat(own).containsExactly("first", "second");
            assertThat(others).containsExactly("first", "second");
        }
    }

    @Test
    void twoAgentsThatStartAtOnceMigrateOnce() throws Exception {
        try (PostgresDatabase other = database.ofAnotherAgent()) {
            CompletableFuture<Jdbi> first =
                    CompletableFuture.supplyAsync(() -> database.open("test", DatabaseContract.class));
            CompletableFuture<Jdbi> second =
                    CompletableFuture.supplyAsync(() -> other.open("test", DatabaseContract.class));

            first.get(30, TimeUnit.SECONDS).useHandle(handle -> add(handle, "a"));

            assertThat(count(second.get(30, TimeUnit.SECONDS))).isEqualTo(1);
        }
    }

    @Test
    void oneMigratesWhileTheOthersWait() throws Exception {
        Turns one = Turns.on(database.server());
        Turns another = Turns.on(database.server());
        List<String> done = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> waiting = new CopyOnWriteArrayList<>();

        one.take(() -> {
            waiting.add(CompletableFuture.runAsync(() -> take(another, () -> done.add("another"))));
            await().atMost(Duration.ofSeconds(10)).until(() -> waiters() == 1);
            done.add("one");
        });

        waiting.get(0).get(10, TimeUnit.SECONDS);
        assertThat(done).containsExactly("one", "another");
    }

    private static void take(Turns turns, Runnable work) {
        try {
            turns.take(work);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int waiters() {
        return Jdbi.create(database.dataSource())
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                + " AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname ="
                                + " current_database())")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void afterTheServerWasGoneEverythingMayHaveChangedAndNewsArriveAgain() {
        try (PostgresServer server = PostgresServer.start();
                PostgresDatabase one = new PostgresDatabase(server);
                PostgresDatabase two = one.ofAnotherAgent()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            two.changes().subscribe("api_keys", heard::add);

            server.stop();
            server.startAgain();

            await().atMost(Duration.ofSeconds(30)).until(() -> heard.contains(ChangeFeed.EVERYTHING));
            heard.clear();
            one.changes().publish("api_keys", "key_2");
            // The news itself, or later, where it could not be told at once, that everything may have changed.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> heard.contains("key_2") || heard.contains(ChangeFeed.EVERYTHING));
        }
    }

    @Test
    void whatCouldNotBeToldIsToldLater() throws SQLException {
        BrokenPool pool = new BrokenPool();
        try (SharedChanges one = SharedChanges.open(pool, database.server());
                PostgresDatabase two = database.ofAnotherAgent()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            two.changes().subscribe("api_keys", heard::add);

            one.publish("api_keys", "key_3");

            await().atMost(Duration.ofSeconds(30)).until(() -> heard.contains(ChangeFeed.EVERYTHING));
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void aConnectionThatBrokeInThePoolKeepsNoNewsBack() throws SQLException {
        try (SharedChanges one = SharedChanges.open(new StalePool(database.server()), database.server());
                PostgresDatabase two = database.ofAnotherAgent()) {
            List<String> heard = new CopyOnWriteArrayList<>();
            two.changes().subscribe("api_keys", heard::add);

            one.publish("api_keys", "key_4");

            await().atMost(Duration.ofSeconds(30)).until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("key_4");
        }
    }

    /** Hands out connections that have ended. */
    private static final class StalePool extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        private final transient DataSource server;

        StalePool(DataSource server) {
            this.server = server;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = server.getConnection();
            connection.close();
            return connection;
        }
    }

    private static final class BrokenPool extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("no connection is free");
        }
    }

    @Test
    void closingTakesNoLongerThanAMoment() {
        PostgresDatabase other = database.ofAnotherAgent();

        long start = System.nanoTime();
        other.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
}
