package org.llmfactory.enrollment.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.agent.join.JoinKind;

/**
 * The tokens.
 *
 * @param store seals their secrets
 * @param handle a connection
 */
public record TokenTable(NetworkStore store, Handle handle) {
    /** Stores a token. */
    public void insert(Token token, byte[] secret) {
        handle.createUpdate("INSERT INTO network_tokens"
                        + " (id, sealed_secret, kind, tenant, agent_name, creator, created, expires)"
                        + " VALUES (:id, :secret, :kind, :tenant, :name, :creator, :created, :expires)")
                .bind("id", token.id())
                .bind("secret", store.seal(secret, context(token.id())))
                .bind("kind", token.kind().word())
                .bind("tenant", token.tenant())
                .bind("name", token.name().orElse(null))
                .bind("creator", token.creator())
                .bind("created", token.created().toEpochMilli())
                .bind("expires", token.expires().toEpochMilli())
                .execute();
    }

    public Optional<Token> find(String id) {
        return handle.createQuery("SELECT * FROM network_tokens WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> token(row))
                .findOne();
    }

    /** All of them, oldest first. */
    public List<Token> all() {
        return handle.createQuery("SELECT * FROM network_tokens ORDER BY created, id")
                .map((row, context) -> token(row))
                .list();
    }

    /** What only the agent and the controllers know. */
    public byte[] secret(String id) {
        String sealed = handle.createQuery("SELECT sealed_secret FROM network_tokens WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one();
        return store.open(sealed, context(id));
    }

    /**
     * Uses a token up.
     *
     * @return false when it is not open any more: of several who try at once, one is told true
     */
    public boolean use(String id, String address, Instant now) {
        return handle.createUpdate("UPDATE network_tokens SET used = :now, used_by = :address"
                                + " WHERE id = :id AND used IS NULL AND revoked IS NULL AND expires > :now")
                        .bind("id", id)
                        .bind("address", address)
                        .bind("now", now.toEpochMilli())
                        .execute()
                == 1;
    }

    /**
     * Takes a token back.
     *
     * @return false when it was not open
     */
    public boolean revoke(String id, Instant now) {
        return handle.createUpdate("UPDATE network_tokens SET revoked = :now"
                                + " WHERE id = :id AND used IS NULL AND revoked IS NULL AND expires > :now")
                        .bind("id", id)
                        .bind("now", now.toEpochMilli())
                        .execute()
                == 1;
    }

    /** Forgets those that ended before a time. */
    public void deleteEnded(Instant before) {
        handle.createUpdate("DELETE FROM network_tokens WHERE expires < :before")
                .bind("before", before.toEpochMilli())
                .execute();
    }

    private static String context(String id) {
        return "token " + id;
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                JoinKind.of(row.getString("kind")).orElseThrow(),
                row.getString("tenant"),
                Optional.ofNullable(row.getString("agent_name")),
                row.getString("creator"),
                Times.read(row, "created"),
                Times.read(row, "expires"),
                Times.readOptional(row, "used"),
                Optional.ofNullable(row.getString("used_by")),
                Times.readOptional(row, "revoked"));
    }
}
