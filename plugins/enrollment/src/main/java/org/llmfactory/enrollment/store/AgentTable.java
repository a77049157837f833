package org.llmfactory.enrollment.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.network.AgentAddress;

/** The agents that were let in here. */
public record AgentTable(Handle handle) {
    private static final String SELECT = "SELECT a.name, a.tenant, a.joined, a.renewed, a.revoked,"
            + " (SELECT MAX(c.expires) FROM network_certificates c"
            + " WHERE c.agent_name = a.name AND c.revoked IS NULL) AS expires FROM network_agents a ";

    /** All of them, in the order they came. */
    public List<KnownAgent> all() {
        return handle.createQuery(SELECT + "ORDER BY a.joined, a.name")
                .map((row, context) -> agent(row))
                .list();
    }

    /** The agent of a name, whosever it is. */
    public Optional<KnownAgent> named(String name) {
        return handle.createQuery(SELECT + "WHERE a.name = :name")
                .bind("name", name)
                .map((row, context) -> agent(row))
                .findOne();
    }

    public Optional<KnownAgent> find(AgentAddress address) {
        return named(address.name()).filter(agent -> agent.address().equals(address));
    }

    public void insert(AgentAddress address, Instant now) {
        handle.createUpdate("INSERT INTO network_agents (name, tenant, joined, renewed)"
                        + " VALUES (:name, :tenant, :now, :now)")
                .bind("name", address.name())
                .bind("tenant", address.tenant())
                .bind("now", now.toEpochMilli())
                .execute();
    }

    public void renewed(String name, Instant now) {
        handle.createUpdate("UPDATE network_agents SET renewed = :now WHERE name = :name")
                .bind("name", name)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    public void revoke(String name, Instant now) {
        handle.createUpdate("UPDATE network_agents SET revoked = :now WHERE name = :name AND revoked IS NULL")
                .bind("name", name)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    public void delete(String name) {
        handle.createUpdate("DELETE FROM network_agents WHERE name = :name")
                .bind("name", name)
                .execute();
    }

    private static KnownAgent agent(ResultSet row) throws SQLException {
        return new KnownAgent(
                new AgentAddress(row.getString("tenant"), row.getString("name")),
                Times.read(row, "joined"),
                Times.read(row, "renewed"),
                Times.readOptional(row, "expires"),
                Times.readOptional(row, "revoked"));
    }
}
