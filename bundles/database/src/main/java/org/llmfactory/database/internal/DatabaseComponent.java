package org.llmfactory.database.internal;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.database.Database;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.jdbc.DataSourceFactory;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the configured database as services {@link Database} and {@code javax.sql.DataSource}. Derby's are there at once.
 * PostgreSQL's driver is a bundle of its own, which may be deployed at any time; the services come and go with it. Without
 * a configuration, be it an empty one, there is no database: one must not be made before it is known where.
 */
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.llmfactory.database.Database,javax.sql.DataSource\"",
        effective = "active",
        uses = Database.class)
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.llmfactory.database",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Config.class)
public final class DatabaseComponent {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseComponent.class);

    private final BundleContext context;
    private final Settings settings;
    private @Nullable DataSourceFactory driver;
    private @Nullable PublishedDatabase published;

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException with what is wrong in it
     */
    @Activate
    public DatabaseComponent(BundleContext context, Config config, @Reference Home home) {
        this.context = context;
        this.settings = Settings.of(config, home);
    }

    @Activate
    synchronized void activate() {
        if (settings.product() == Product.DERBY) {
            String name = DerbyEngine.name(settings.url());
            publish(() -> PooledDatabase.derby(name, settings.limits()));
        } else if (driver == null) {
            LOG.warn(
                    "The database at {} needs the driver {}, which no bundle on this agent offers. Sign the driver's"
                            + " jar and deploy it: ./factory plugin sign postgresql.jar --key DIR, ./factory plugin deploy"
                            + " postgresql.jar. Until then there is no database, and what needs one is not there either.",
                    settings.place(),
                    settings.product().driver());
        }
    }

    @Deactivate
    synchronized void deactivate() {
        close();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(osgi.jdbc.driver.class=org.postgresql.Driver)")
    synchronized void bindDriver(DataSourceFactory found) {
        driver = found;
        if (settings.product() == Product.POSTGRESQL) {
            close();
            publish(() -> PooledDatabase.postgresql(found.createDataSource(settings.connection()), settings.limits()));
        }
    }

    synchronized void unbindDriver(DataSourceFactory gone) {
        // With another driver at hand, that one has been bound before.
        if (driver == gone) {
            driver = null;
            if (settings.product() == Product.POSTGRESQL) {
                LOG.warn("The driver of the database at {} is gone, and the database with it", settings.place());
                close();
            }
        }
    }

    private void publish(Callable<PooledDatabase> opening) {
        published = new PublishedDatabase(context, settings.place(), opening);
    }

    private void close() {
        PublishedDatabase open = published;
        published = null;
        if (open != null) {
            open.close();
        }
    }
}
