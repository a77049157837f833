package org.llmfactory.database;

import org.jdbi.v3.core.Jdbi;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The platform's database: Derby in the home, or any database that has been configured by its JDBC URL. What a transaction
 * has committed survives the process. Statements are prepared; values are bound, never written into them. OSGi service;
 * safe for use by several threads.
 */
@ProviderType
public interface Database {
    /**
     * Brings a plugin's tables up to date. Its migrations lie in its own bundle, {@code db/migration/<plugin>/V1__words.sql} and
     * so on, are run once, in order, and never changed afterwards. They are written for every product: the placeholders
     * {@code ${text}} and {@code ${bytes}} stand for long texts and byte arrays.
     *
     * @param plugin short name, lower-case letters; the migrations' history is kept under it
     * @param owner a class of the plugin, by which its migrations are found
     * @return the door to the plugin's tables
     * @throws org.llmfactory.api.error.FactoryException {@code INTERNAL} when a migration fails
     */
    Jdbi open(String plugin, Class<?> owner);

    /** Tells and hears of changes, on every agent that shares this database. */
    ChangeFeed changes();
}
