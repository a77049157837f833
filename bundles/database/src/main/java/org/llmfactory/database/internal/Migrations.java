package org.llmfactory.database.internal;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Brings a plugin's tables up to date from the scripts in its bundle. */
final class Migrations {
    private static final Pattern PLUGIN = Pattern.compile("[a-z]{1,30}");

    private final DataSource database;
    private final Product product;
    private final Turns turns;

    Migrations(DataSource database, Product product, Turns turns) {
        this.database = database;
        this.product = product;
        this.turns = turns;
    }

    /**
     * Runs what has not been run yet.
     *
     * @throws FactoryException {@code INTERNAL} when a script fails, is missing or was changed after it ran
     */
    void run(String plugin, Class<?> owner) {
        if (!PLUGIN.matcher(plugin).matches()) {
            throw new IllegalArgumentException("A plugin's short name has up to 30 lower-case letters: " + plugin);
        }
        try {
            // Flyway sees to that only once its own table is there.
            turns.take(() -> migrate(plugin, owner));
        } catch (FlywayException | SQLException failure) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The tables of '" + plugin + "' cannot be brought up to date.", failure);
        }
    }

    private void migrate(String plugin, Class<?> owner) {
        String folder = "db/migration/" + plugin;
        FluentConfiguration configuration = Flyway.configure(owner.getClassLoader())
                .loggers(FlywayLog.class.getName())
                .dataSource(database)
                .locations("classpath:" + folder)
                .failOnMissingLocations(true)
                .table("schema_history_" + plugin)
                // Other plugins' tables are there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .skipDefaultCallbacks(true)
                .placeholders(product.placeholders());
        Bundle bundle = FrameworkUtil.getBundle(owner);
        if (bundle != null) {
            configuration.resourceProvider(BundleScripts.of(bundle, folder));
            configuration.javaMigrationClassProvider(List::of);
        }
        configuration.load().migrate();
    }
}
