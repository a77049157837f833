package org.llmfactory.leadership.store;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.View;

/**
 * The controllers that share this database, and who has led them. Every change states the version it goes out from and does
 * not happen when there is another by now. Whoever writes locks the one row of the state first, so that whoever reads it in a
 * repeatable transaction sees the controllers that belong to it.
 */
public final class ControllerRegister {
    /**
     * A controller that votes.
     *
     * @param address who it is
     * @param registered since when
     */
    public record Entry(AgentAddress address, Instant registered) {}

    private record State(long version, long epoch, @Nullable String leader) {}

    private final Jdbi jdbi;

    public ControllerRegister(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Everything, as it was at one moment. */
    public View read() {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            State state = handle.createQuery("SELECT version, epoch, leader FROM leadership_state WHERE id = 1")
                    .map((row, context) ->
                            new State(row.getLong("version"), row.getLong("epoch"), row.getString("leader")))
                    .one();
            Set<AgentAddress> members = new HashSet<>(handle.createQuery("SELECT name FROM leadership_controllers")
                    .map((row, context) -> address(row.getString("name")))
                    .list());
            return new View(
                    state.version(),
                    members,
                    state.epoch(),
                    Optional.ofNullable(state.leader()).map(ControllerRegister::address));
        });
    }

    /** The controllers by name. */
    public List<Entry> entries() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT name, registered FROM leadership_controllers ORDER BY name")
                .map((row, context) ->
                        new Entry(address(row.getString("name")), Instant.ofEpochMilli(row.getLong("registered"))))
                .list());
    }

    /**
     * Adds a controller that is not there.
     *
     * @return false when the version is another by now, and nothing was done
     */
    public boolean add(AgentAddress controller, Instant now, long version) {
        return change(
                version,
                handle -> handle.createUpdate(
                                "INSERT INTO leadership_controllers (name, registered) VALUES (:name, :registered)")
                        .bind("name", controller.name())
                        .bind("registered", now.toEpochMilli())
                        .execute());
    }

    /**
     * Removes a controller.
     *
     * @param last done in the same transaction; when it throws, nothing has happened
     * @return false when the version is another by now, and nothing was done
     */
    public boolean remove(AgentAddress controller, long version, Runnable last) {
        return change(version, handle -> {
            handle.createUpdate("DELETE FROM leadership_controllers WHERE name = :name")
                    .bind("name", controller.name())
                    .execute();
            last.run();
        });
    }

    private boolean change(long version, Consumer<Handle> act) {
        return jdbi.inTransaction(handle -> {
            boolean ours = handle.createUpdate(
                                    "UPDATE leadership_state SET version = version + 1 WHERE id = 1 AND version = :version")
                            .bind("version", version)
                            .execute()
                    == 1;
            if (ours) {
                act.accept(handle);
            }
            return ours;
        });
    }

    /**
     * Enters the leader of an epoch.
     *
     * @param last done in the same transaction; when it throws, nothing has happened
     * @return false when somebody has led in this epoch or a later one, or the version is another by now
     */
    public boolean claim(AgentAddress leader, long epoch, long version, Runnable last) {
        return jdbi.inTransaction(handle -> {
            boolean ours = handle.createUpdate("UPDATE leadership_state SET epoch = :epoch, leader = :leader"
                                    + " WHERE id = 1 AND version = :version AND epoch < :epoch")
                            .bind("epoch", epoch)
                            .bind("leader", leader.name())
                            .bind("version", version)
                            .execute()
                    == 1;
            if (ours) {
                last.run();
            }
            return ours;
        });
    }

    private static AgentAddress address(String name) {
        return new AgentAddress(AgentAddress.PLATFORM, name);
    }
}
