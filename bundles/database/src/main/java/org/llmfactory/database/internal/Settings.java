package org.llmfactory.database.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import org.llmfactory.api.agent.Home;
import org.llmfactory.database.internal.PooledDatabase.Limits;
import org.osgi.service.jdbc.DataSourceFactory;

/**
 * What the configuration says, checked.
 *
 * @param product whose database it is
 * @param url of JDBC
 * @param user who signs in
 * @param passwordFile holds the password; empty when there is none
 * @param limits of the pool
 */
record Settings(Product product, String url, String user, String passwordFile, Limits limits) {
    /** Seconds until a server that does not answer is given up: an answer is never waited for without end. */
    private static final String SOCKET_TIMEOUT = "60";

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException with what is wrong in it
     */
    static Settings of(Config config, Home home) {
        String configured = config.url().strip();
        String url = configured.isEmpty() ? "jdbc:derby:" + home.database() : configured;
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new IllegalArgumentException("The database URL must not hold a password. Write it to a file that only"
                    + " the agent's user may read, and name the file with passwordFile.");
        }
        Limits limits = new Limits(config.connections(), Duration.ofSeconds(config.connectionTimeoutSeconds()));
        return new Settings(
                Product.of(url), url, config.user(), config.passwordFile().strip(), limits);
    }

    /** What the driver's factory is asked for; the password is read anew each time, since it may have been changed. */
    Properties connection() throws IOException {
        Properties properties = new Properties();
        setDefault(properties, "ApplicationName", "llmfactory");
        setDefault(properties, "connectTimeout", Long.toString(limits.timeout().toSeconds()));
        setDefault(properties, "socketTimeout", SOCKET_TIMEOUT);
        setDefault(properties, "tcpKeepAlive", "true");
        // Or the driver's exceptions, which get into logs, quote the values of the statement.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty(DataSourceFactory.JDBC_URL, url);
        properties.setProperty(DataSourceFactory.JDBC_USER, user);
        if (!passwordFile.isEmpty()) {
            String password = Files.readString(Path.of(passwordFile)).stripTrailing();
            properties.setProperty(DataSourceFactory.JDBC_PASSWORD, password);
        }
        return properties;
    }

    private void setDefault(Properties properties, String name, String setting) {
        if (!url.contains(name + '=')) {
            properties.setProperty(name, setting);
        }
    }

    /** Where the database is, for the log: the URL without its parameters. */
    String place() {
        return url.split("[?;]", 2)[0];
    }
}
