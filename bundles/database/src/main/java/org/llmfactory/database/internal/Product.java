package org.llmfactory.database.internal;

import java.util.Map;

/** The database products that migrations are written for, and what they call their types. */
enum Product {
    DERBY("jdbc:derby:", "org.apache.derby.iapi.jdbc.AutoloadedDriver", "CLOB", "BLOB"),
    POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver", "TEXT", "BYTEA");

    private final String urlPrefix;
    private final String driver;
    private final String text;
    private final String bytes;

    Product(String urlPrefix, String driver, String text, String bytes) {
        this.urlPrefix = urlPrefix;
        this.driver = driver;
        this.text = text;
        this.bytes = bytes;
    }

    /**
     * The product that a JDBC URL is for.
     *
     * @throws IllegalArgumentException for any other
     */
    static Product of(String url) {
        for (Product product : values()) {
            if (url.startsWith(product.urlPrefix)) {
                return product;
            }
        }
        throw new IllegalArgumentException(
                "The database URL must begin with jdbc:derby: or jdbc:postgresql:; other products are not known here.");
    }

    /** The class by which the driver is found among the services. */
    String driver() {
        return driver;
    }

    /** What a migration's placeholders stand for. */
    Map<String, String> placeholders() {
        return Map.of("text", text, "bytes", bytes);
    }
}
