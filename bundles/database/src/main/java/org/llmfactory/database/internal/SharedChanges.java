package org.llmfactory.database.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.llmfactory.database.ChangeFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News among all agents that share a PostgreSQL server, by its notifications. A connection of its own listens. When it
 * breaks, news may have been missed: once it is back, everybody hears that everything may have changed.
 */
final class SharedChanges implements ChangeFeed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedChanges.class);
    private static final String CHANNEL = "llmfactory_changes";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration ALIVE_CHECK = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final LocalChanges local = new LocalChanges();
    private final String self = UUID.randomUUID().toString();
    private final DataSource pool;
    private final DataSource server;
    /** Topics with a change that the others could not be told of. */
    private final Set<String> untold = ConcurrentHashMap.newKeySet();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread listener = new Thread(this::listen, "llmfactory-changes");
    private volatile Connection connection;

    private SharedChanges(DataSource pool, DataSource server, Connection connection) {
        this.pool = pool;
        this.server = server;
        this.connection = connection;
        this.listener.setDaemon(true);
    }

    /**
     * Begins to listen; what is published from now on is heard.
     *
     * @throws SQLException when the server cannot be reached
     */
    static SharedChanges open(DataSource pool, DataSource server) throws SQLException {
        SharedChanges changes = new SharedChanges(pool, server, listening(server));
        changes.listener.start();
        return changes;
    }

    @Override
    public void publish(String topic, String key) {
        local.publish(topic, key);
        try (Connection borrowed = pool.getConnection()) {
            tell(borrowed, topic, key);
        } catch (SQLException e) {
            LOG.warn("Other agents could not be told of a change of {} yet: {}", topic, e.getMessage());
            untold.add(topic);
        }
    }

    /** With a new connection where that of the pool turns out to be broken, as many are just after the server was gone. */
    private void tell(Connection borrowed, String topic, String key) throws SQLException {
        try {
            notify(borrowed, topic, key);
        } catch (SQLException broken) {
            LOG.debug("A connection of the pool is broken", broken);
            try (Connection fresh = server.getConnection()) {
                notify(fresh, topic, key);
            }
        }
    }

    @Override
    public Subscription subscribe(String topic, Consumer<String> listener) {
        return local.subscribe(topic, listener);
    }

    @Override
    public void close() {
        closed.countDown();
        abandon(connection);
        try {
            listener.join(ANSWER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        while (isOpen()) {
            try {
                receive();
            } catch (SQLException e) {
                if (isOpen()) {
                    LOG.warn("The connection that hears of changes broke: {}", e.getMessage());
                    abandon(connection);
                    reconnect();
                }
            }
        }
        abandon(connection);
    }

    private void receive() throws SQLException {
        PostgresNotices notices = new PostgresNotices(connection);
        long check = System.nanoTime() + ALIVE_CHECK.toNanos();
        while (isOpen()) {
            notices.await(POLL).forEach(this::deliver);
            tellUntold();
            if (System.nanoTime() > check) {
                if (!connection.isValid((int) ANSWER.toSeconds())) {
                    throw new SQLException("the server does not answer");
                }
                check = System.nanoTime() + ALIVE_CHECK.toNanos();
            }
        }
    }

    private void deliver(String notice) {
        String[] parts = notice.split(" ", 3);
        if (parts.length == 3 && !parts[0].equals(self)) {
            local.publish(parts[1], parts[2]);
        }
    }

    private void tellUntold() throws SQLException {
        for (String topic : Set.copyOf(untold)) {
            // Removed first: a change that cannot be told meanwhile must not be forgotten.
            untold.remove(topic);
            try {
                notify(connection, topic, EVERYTHING);
            } catch (SQLException e) {
                untold.add(topic);
                throw e;
            }
        }
    }

    private void reconnect() {
        Duration pause = FIRST_PAUSE;
        while (isOpen()) {
            try {
                Connection next = listening(server);
                connection = next;
                if (!isOpen()) {
                    abandon(next);
                }
                local.publishEverything();
                LOG.info("Changes are heard of again");
                return;
            } catch (SQLException e) {
                LOG.warn("Changes of other agents are not heard of: {}", e.getMessage());
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void notify(Connection speaking, String topic, String key) throws SQLException {
        try (PreparedStatement statement = speaking.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, CHANNEL);
            statement.setString(2, self + ' ' + topic + ' ' + key);
            statement.execute();
        }
    }

    private static Connection listening(DataSource server) throws SQLException {
        Connection connection = server.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            statement.execute("LISTEN " + CHANNEL);
            return connection;
        } catch (SQLException e) {
            abandon(connection);
            throw e;
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause(Duration pause) {
        try {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while waiting to listen again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Ends a connection at once, whoever waits on it. */
    private static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection could not be ended", e);
        }
    }
}
