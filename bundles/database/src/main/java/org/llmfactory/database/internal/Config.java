package org.llmfactory.database.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which database the platform keeps its tables in. */
@ObjectClassDefinition(
        name = "Database",
        description = "Derby in the home by default, or a PostgreSQL server, which several agents can share.")
public @interface Config {
    /** {@code jdbc:derby:<folder>} or {@code jdbc:postgresql://…}. */
    @AttributeDefinition(
            name = "JDBC URL",
            description =
                    "jdbc:derby:<folder> or jdbc:postgresql://host:port/database. Empty: Derby in <home>/database."
                            + " Never with a password.",
            required = false)
    String url() default "";

    /** Who signs in; not used by Derby. */
    @AttributeDefinition(name = "User", description = "Who signs in to the server.", required = false)
    String user() default "llmfactory";

    /** A file with the password. */
    @AttributeDefinition(
            name = "Password file",
            description = "A file that holds the password and nothing else; a line end is not part of it. Empty: none.",
            required = false)
    String passwordFile() default "";

    /** Size of the pool. */
    @AttributeDefinition(name = "Connections", description = "How many connections this agent opens at most.")
    int connections() default 16;

    /** How long a request waits for a connection. */
    @AttributeDefinition(
            name = "Connection timeout (seconds)",
            description = "How long a free connection, or the server, is waited for.")
    int connectionTimeoutSeconds() default 10;
}
