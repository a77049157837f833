package org.llmfactory.deployer.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.network.AgentAddress;

/** The rows of deployments, their revisions and what runs of them, in one transaction. */
record Tables(Handle handle) {
    private static final int LONGEST_REASON = 2000;

    List<Deployment> deployments() {
        return handle.createQuery("SELECT name, revision, removed FROM deployments ORDER BY name")
                .map((row, context) -> deployment(row))
                .list();
    }

    Optional<Deployment> deployment(String name) {
        return handle.createQuery("SELECT name, revision, removed FROM deployments WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> deployment(row))
                .findOne();
    }

    void insert(Deployment deployment) {
        handle.createUpdate("INSERT INTO deployments (name, revision, removed) VALUES (:name, :revision, :removed)")
                .bind("name", deployment.name())
                .bind("revision", deployment.revision())
                .bind("removed", deployment.removed())
                .execute();
    }

    /** Changes what holds, unless somebody else has changed it since; false then. */
    boolean update(Deployment before, Deployment after) {
        return handle.createUpdate("UPDATE deployments SET revision = :revision, removed = :removed"
                                + " WHERE name = :name AND revision = :before")
                        .bind("name", after.name())
                        .bind("revision", after.revision())
                        .bind("removed", after.removed())
                        .bind("before", before.revision())
                        .execute()
                > 0;
    }

    void delete(String deployment) {
        handle.createUpdate("DELETE FROM deployments WHERE name = :name")
                .bind("name", deployment)
                .execute();
    }

    /** A deployment's revisions, oldest first. */
    List<Revision> revisions(String deployment) {
        return handle.createQuery("SELECT * FROM deployment_revisions WHERE deployment = :deployment ORDER BY revision")
                .bind("deployment", deployment)
                .map((row, context) -> revision(row))
                .list();
    }

    Revision revision(Deployment deployment) {
        return handle.createQuery(
                        "SELECT * FROM deployment_revisions WHERE deployment = :deployment AND revision = :revision")
                .bind("deployment", deployment.name())
                .bind("revision", deployment.revision())
                .map((row, context) -> revision(row))
                .one();
    }

    void insert(Revision revision) {
        handle.createUpdate("INSERT INTO deployment_revisions (deployment, revision, document, outcome, reason,"
                        + " copied_from, automatic, author, created) VALUES (:deployment, :revision, :document,"
                        + " :outcome, :reason, :copiedFrom, :automatic, :author, :created)")
                .bind("deployment", revision.deployment())
                .bind("revision", revision.number())
                .bind("document", revision.document())
                .bind("outcome", word(revision.outcome()))
                .bind("reason", shortened(revision.reason()))
                .bind("copiedFrom", revision.copiedFrom())
                .bind("automatic", revision.automatic())
                .bind("author", revision.author())
                .bind("created", revision.created().toEpochMilli())
                .execute();
        for (Pin pin : revision.pins()) {
            handle.createUpdate("INSERT INTO deployment_pins (deployment, revision, plugin, version, digest)"
                            + " VALUES (:deployment, :revision, :plugin, :version, :digest)")
                    .bind("deployment", revision.deployment())
                    .bind("revision", revision.number())
                    .bind("plugin", pin.plugin())
                    .bind("version", pin.version())
                    .bind("digest", pin.digest())
                    .execute();
        }
    }

    /** Says what came of a revision that was being rolled out; false when that has been said already. */
    boolean settle(String deployment, int revision, Revision.Outcome outcome) {
        return handle.createUpdate("UPDATE deployment_revisions SET outcome = :outcome"
                                + " WHERE deployment = :deployment AND revision = :revision AND outcome = 'rolling'")
                        .bind("deployment", deployment)
                        .bind("revision", revision)
                        .bind("outcome", word(outcome))
                        .execute()
                > 0;
    }

    /** Says why a revision is what it is. */
    void explain(String deployment, int revision, String reason) {
        handle.createUpdate("UPDATE deployment_revisions SET reason = :reason"
                        + " WHERE deployment = :deployment AND revision = :revision")
                .bind("deployment", deployment)
                .bind("revision", revision)
                .bind("reason", shortened(reason))
                .execute();
    }

    List<Instance> instances() {
        return handle.createQuery("SELECT * FROM deployment_instances ORDER BY plugin, agent")
                .map((row, context) -> instance(row))
                .list();
    }

    /** Puts what is known of a plugin on an agent in the place of what was. */
    void put(Instance instance) {
        delete(instance);
        handle.createUpdate("INSERT INTO deployment_instances (plugin, agent, deployment, revision, specification,"
                        + " digest, memory_mib, state, reason, changed) VALUES (:plugin, :agent, :deployment,"
                        + " :revision, :specification, :digest, :memory, :state, :reason, :changed)")
                .bind("plugin", instance.plugin())
                .bind("agent", instance.agent().toString())
                .bind("deployment", instance.deployment())
                .bind("revision", instance.revision())
                .bind("specification", instance.specification())
                .bind("digest", instance.digest())
                .bind("memory", instance.memoryMib())
                .bind("state", word(instance.state()))
                .bind("reason", shortened(instance.reason()))
                .bind("changed", instance.changed().toEpochMilli())
                .execute();
    }

    void delete(Instance instance) {
        handle.createUpdate("DELETE FROM deployment_instances WHERE plugin = :plugin AND agent = :agent"
                        + " AND deployment = :deployment")
                .bind("plugin", instance.plugin())
                .bind("agent", instance.agent().toString())
                .bind("deployment", instance.deployment())
                .execute();
    }

    private static Deployment deployment(ResultSet row) throws SQLException {
        return new Deployment(row.getString("name"), row.getInt("revision"), row.getBoolean("removed"));
    }

    private Revision revision(ResultSet row) throws SQLException {
        String deployment = row.getString("deployment");
        int number = row.getInt("revision");
        return new Revision(
                deployment,
                number,
                row.getString("document"),
                pins(deployment, number),
                Revision.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
                row.getString("reason"),
                row.getInt("copied_from"),
                row.getBoolean("automatic"),
                row.getString("author"),
                Instant.ofEpochMilli(row.getLong("created")));
    }

    private List<Pin> pins(String deployment, int revision) {
        return handle.createQuery("SELECT plugin, version, digest FROM deployment_pins"
                        + " WHERE deployment = :deployment AND revision = :revision ORDER BY plugin")
                .bind("deployment", deployment)
                .bind("revision", revision)
                .map((row, context) ->
                        new Pin(row.getString("plugin"), row.getString("version"), row.getString("digest")))
                .list();
    }

    private static Instance instance(ResultSet row) throws SQLException {
        return new Instance(
                row.getString("plugin"),
                AgentAddress.parse(row.getString("agent")),
                row.getString("deployment"),
                row.getInt("revision"),
                row.getString("specification"),
                row.getString("digest"),
                row.getLong("memory_mib"),
                Instance.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("reason"),
                Instant.ofEpochMilli(row.getLong("changed")));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String reason) {
        return reason.substring(0, Math.min(LONGEST_REASON, reason.length()));
    }
}
