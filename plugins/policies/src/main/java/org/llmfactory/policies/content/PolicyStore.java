package org.llmfactory.policies.content;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The policies in the database. Every change is entered in the ledger and told to all agents. */
@Component(service = PolicyStore.class)
public final class PolicyStore {
    /** Topic of the news about policies; the key is the policy's id. */
    static final String TOPIC = "content_policies";

    /** What stands for the organization where a project's id would stand. */
    private static final String ORGANIZATION = "organization";

    private static final String SELECT =
            "SELECT p.id, p.project, p.name, v.version, v.definition, v.created, v.created_by"
                    + " FROM content_policy p JOIN content_policy_version v ON v.policy = p.id ";

    private final Jdbi jdbi;
    private final Ledger ledger;
    private final ChangeFeed changes;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public PolicyStore(@Reference Database database, @Reference Ledger ledger) {
        this.jdbi = database.open("policies", PolicyStore.class);
        this.ledger = ledger;
        this.changes = database.changes();
    }

    /** The newest versions of all policies there are, oldest policy first. */
    public List<StoredPolicy> newest() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        SELECT + "WHERE v.version = p.latest AND p.deleted = FALSE ORDER BY p.created, p.id")
                .map(PolicyStore::read)
                .list());
    }

    /** All versions of a policy, oldest first; none when it is not there. */
    public List<StoredPolicy> versions(String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(SELECT + "WHERE p.id = :id AND p.deleted = FALSE ORDER BY v.version")
                        .bind("id", id)
                        .map(PolicyStore::read)
                        .list());
    }

    /**
     * Makes a policy.
     *
     * @param project whose it is to be; empty for the organization
     * @throws FactoryException {@code CONFLICT} when there is one of that name
     */
    public StoredPolicy create(Optional<String> project, String name, String definition, Actor actor) {
        byte[] suffix = new byte[12];
        random.nextBytes(suffix);
        StoredPolicy policy = new StoredPolicy(
                "policy_" + HexFormat.of().formatHex(suffix), project, name, 1, definition, now(), actor.id());
        try {
            jdbi.useTransaction(handle -> {
                insertPolicy(handle, policy);
                insertVersion(handle, policy);
                record("content_policy.created", policy, actor);
            });
        } catch (UnableToExecuteStatementException failure) {
            if (isDuplicate(failure)) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "There is a content policy '" + name
                                + "' already; make a new version of it, or choose another name.",
                        failure);
            }
            throw failure;
        }
        changes.publish(TOPIC, policy.id());
        return policy;
    }

    /** Makes the next version of a policy; empty when it is not there. */
    public Optional<StoredPolicy> addVersion(String id, String definition, Actor actor) {
        Optional<StoredPolicy> added = jdbi.inTransaction(handle -> {
            int there = handle.createUpdate(
                            "UPDATE content_policy SET latest = latest + 1 WHERE id = :id AND deleted = FALSE")
                    .bind("id", id)
                    .execute();
            if (there == 0) {
                return Optional.empty();
            }
            StoredPolicy policy = handle.createQuery(SELECT + "WHERE p.id = :id AND v.version = p.latest - 1")
                    .bind("id", id)
                    .map(PolicyStore::read)
                    .one();
            StoredPolicy next = new StoredPolicy(
                    id, policy.project(), policy.name(), policy.version() + 1, definition, now(), actor.id());
            insertVersion(handle, next);
            record("content_policy.updated", next, actor);
            return Optional.of(next);
        });
        added.ifPresent(policy -> changes.publish(TOPIC, id));
        return added;
    }

    /** Removes a policy; its versions are kept for the audit log. False when it was not there. */
    public boolean delete(String id, Actor actor) {
        boolean deleted = jdbi.inTransaction(handle -> {
            List<StoredPolicy> newest = handle.createQuery(
                            SELECT + "WHERE p.id = :id AND v.version = p.latest AND p.deleted = FALSE")
                    .bind("id", id)
                    .map(PolicyStore::read)
                    .list();
            int there = handle.createUpdate(
                            "UPDATE content_policy SET deleted = TRUE, slot = id WHERE id = :id AND deleted = FALSE")
                    .bind("id", id)
                    .execute();
            if (there > 0) {
                record("content_policy.deleted", newest.get(0), actor);
            }
            return there > 0;
        });
        if (deleted) {
            changes.publish(TOPIC, id);
        }
        return deleted;
    }

    private static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    private static void insertPolicy(Handle handle, StoredPolicy policy) {
        handle.createUpdate("INSERT INTO content_policy (id, slot, project, name, latest, created, deleted)"
                        + " VALUES (:id, :slot, :project, :name, :latest, :created, FALSE)")
                .bind("id", policy.id())
                .bind("slot", policy.project().orElse(ORGANIZATION) + "/" + policy.name())
                .bind("project", policy.project().orElse(null))
                .bind("name", policy.name())
                .bind("latest", policy.version())
                .bind("created", policy.created().toEpochMilli())
                .execute();
    }

    private static void insertVersion(Handle handle, StoredPolicy policy) {
        handle.createUpdate("INSERT INTO content_policy_version (policy, version, definition, created, created_by)"
                        + " VALUES (:policy, :version, :definition, :created, :by)")
                .bind("policy", policy.id())
                .bind("version", policy.version())
                .bind("definition", policy.definition())
                .bind("created", policy.created().toEpochMilli())
                .bind("by", policy.createdBy())
                .execute();
    }

    private void record(String type, StoredPolicy policy, Actor actor) {
        ledger.record(AuditEvent.of(type, actor, policy.project(), policy.id())
                .with(Map.of("name", policy.name(), "version", policy.version())));
    }

    private static StoredPolicy read(ResultSet row, StatementContext context) throws SQLException {
        return new StoredPolicy(
                row.getString("id"),
                Optional.ofNullable(row.getString("project")),
                row.getString("name"),
                row.getInt("version"),
                row.getString("definition"),
                Instant.ofEpochMilli(row.getLong("created")),
                row.getString("created_by"));
    }

    private static boolean isDuplicate(UnableToExecuteStatementException failure) {
        return failure.getCause() instanceof SQLException cause && "23505".equals(cause.getSQLState());
    }
}
