package org.llmfactory.database.internal;

import java.time.Duration;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.llmfactory.database.Database;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database as services. It is opened in the background, again and again until it can be: a server may be started later
 * than the agent. The services appear when it is open and go before it is closed.
 */
final class PublishedDatabase implements AutoCloseable {
    /** Filter by which its data source is known from others. */
    static final String OURS = "(dataSourceName=" + PublishedDatabase.NAME + ')';

    private static final String NAME = "llmfactory";
    private static final Logger LOG = LoggerFactory.getLogger(PublishedDatabase.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final BundleContext context;
    private final String place;
    private final Callable<PooledDatabase> opening;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread opener = new Thread(this::open, "llmfactory-database");

    PublishedDatabase(BundleContext context, String place, Callable<PooledDatabase> opening) {
        this.context = context;
        this.place = place;
        this.opening = opening;
        this.opener.setDaemon(true);
        this.opener.start();
    }

    /** Takes the services back and closes the database; its files can be opened anew when this returns. */
    @Override
    public void close() {
        closed.countDown();
        try {
            opener.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (opener.isAlive()) {
            LOG.warn("The database at {} is still being closed", place);
        }
    }

    private void open() {
        Duration pause = FIRST_PAUSE;
        while (closed.getCount() > 0) {
            try (PooledDatabase database = opening.call()) {
                publish(database);
            } catch (Exception failure) {
                LOG.warn("The database at {} cannot be opened, and is tried again: {}", place, reason(failure));
                LOG.debug("The database cannot be opened", failure);
                awaitClose(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private void publish(PooledDatabase database) {
        if (closed.getCount() == 0) {
            return;
        }
        LOG.info("The database at {} is open", place);
        Dictionary<String, ?> properties = FrameworkUtil.asDictionary(Map.of("dataSourceName", NAME));
        // Those who wait for it migrate their tables before this returns.
        ServiceRegistration<Database> service = context.registerService(Database.class, database, properties);
        ServiceRegistration<DataSource> pool =
                context.registerService(DataSource.class, database.dataSource(), properties);
        while (closed.getCount() > 0) {
            awaitClose(Duration.ofHours(1));
        }
        pool.unregister();
        service.unregister();
        LOG.info("The database at {} is being closed", place);
    }

    private void awaitClose(Duration longest) {
        try {
            if (closed.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("The database at {} is not needed any more", place);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but to end it.
            closed.countDown();
        }
    }

    /** The innermost reason is the one that helps; a pool only says that it failed. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }
}
