package org.llmfactory.enrollment.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.SQLException;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.Secret;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The plugin's tables, the key that its secrets are sealed with, and the news of changes. A service within this bundle. */
@Component(service = NetworkStore.class)
public final class NetworkStore {
    /** The topic of all news: the network is another than before. */
    public static final String NETWORK = "network";

    private static final String DUPLICATE = "23505";

    private final Jdbi jdbi;
    private final ChangeFeed changes;
    private final Secret secret;

    @Activate
    public NetworkStore(@Reference Database database, @Reference Home home) {
        this.jdbi = database.open("enrollment", NetworkStore.class);
        this.changes = database.changes();
        this.secret = Secret.in(home.secrets().resolve("enrollment.key"));
    }

    /** Does something in a transaction. */
    public <T> T inTransaction(Function<Handle, T> work) {
        return jdbi.inTransaction(work::apply);
    }

    /** Reads something. */
    public <T> T read(Function<Handle, T> work) {
        return jdbi.withHandle(work::apply);
    }

    /** Tells all controllers that share the database. */
    public void publish() {
        changes.publish(NETWORK, ChangeFeed.EVERYTHING);
    }

    /** Hears of changes, by whichever controller. */
    public ChangeFeed.Subscription subscribe(Runnable listener) {
        return changes.subscribe(NETWORK, key -> listener.run());
    }

    /** Whether a statement failed because there was such a row already. */
    public static boolean isDuplicate(UnableToExecuteStatementException failure) {
        return failure.getCause() instanceof SQLException cause && DUPLICATE.equals(cause.getSQLState());
    }

    /** The secret of a token that there is not: getting it takes as long as getting a real one. */
    public interface Decoy {
        byte[] secret();
    }

    /** A decoy, which proves nothing. */
    public Decoy newDecoy() {
        String sealed = seal(Secret.random().bytes(), "decoy");
        return () -> {
            read(handle -> handle.createQuery("SELECT sealed_secret FROM network_tokens WHERE id = :id")
                    .bind("id", "none")
                    .mapTo(String.class)
                    .findOne());
            return open(sealed, "decoy");
        };
    }

    /** Encrypts what the database is to keep. */
    String seal(byte[] plain, String context) {
        return Base64.getEncoder().encodeToString(secret.seal(plain, context.getBytes(UTF_8)));
    }

    /**
     * Decrypts it.
     *
     * @throws FactoryException {@code INTERNAL} when it was sealed with another key
     */
    byte[] open(String sealed, String context) {
        try {
            return secret.open(Base64.getDecoder().decode(sealed), context.getBytes(UTF_8));
        } catch (AEADBadTagException | IllegalArgumentException e) {
            throw new FactoryException(
                    ErrorCode.INTERNAL,
                    "The network's keys in the database were sealed with another secrets/enrollment.key than this"
                            + " controller's. Controllers that share a database share their secrets too.",
                    e);
        }
    }
}
