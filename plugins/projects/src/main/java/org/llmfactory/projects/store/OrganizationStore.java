package org.llmfactory.projects.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.projects.state.GroupMapping;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Rows;

/** The organization in memory, read anew after changes, whoever made them. Safe for use by several threads. */
public final class OrganizationStore implements AutoCloseable {
    /** News about a person or service account. */
    public static final String PRINCIPALS = "principals";

    /** News about a project. */
    public static final String PROJECTS = "projects";

    private final Jdbi jdbi;
    private final GroupMapping mapping;
    private final Cached<Organization> cache;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<ChangeFeed.Subscription> subscriptions;

    /** Opens the tables, which must be up to date. */
    public OrganizationStore(Jdbi jdbi, ChangeFeed changes, GroupMapping mapping) {
        this.jdbi = jdbi;
        this.mapping = mapping;
        this.cache = new Cached<>(this::read);
        this.subscriptions = List.of(
                changes.subscribe(PRINCIPALS, key -> cache.expire()),
                changes.subscribe(PROJECTS, key -> cache.expire()));
    }

    /** The organization as it is; to the thread that is just changing it, as it was before. */
    public Organization now() {
        Organization known = cache.known();
        return turn.isHeldByCurrentThread() && known != null ? known : cache.get();
    }

    /** The invitation whose link has this secret, open or not. */
    public Optional<Invitation> invitation(String secret) {
        return jdbi.withHandle(handle -> new InvitationTable(handle).idOf(secret))
                .flatMap(now()::invitation);
    }

    /** What the groups of identity providers are worth. */
    public GroupMapping mapping() {
        return mapping;
    }

    /**
     * Does something in a transaction when nobody else in this process does: who waits for his turn holds no connection,
     * so that those that the ledger and the keys need are never all waiting. What was known before is old afterwards.
     */
    <T> T inTurn(HandleCallback<T, RuntimeException> work) {
        turn.lock();
        try {
            return jdbi.inTransaction(work);
        } finally {
            cache.expire();
            turn.unlock();
        }
    }

    /**
     * The organization as a transaction sees it that keeps others from changing it, read only if nobody knows it yet.
     *
     * @param revision the one that the tables show
     */
    Organization at(Handle handle, long revision) {
        Organization known = cache.known();
        return known != null && known.revision() == revision ? known : load(handle, revision);
    }

    /** Reads all tables as a transaction sees them. */
    Organization load(Handle handle, long revision) {
        UserTable users = new UserTable(handle);
        GroupTable groups = new GroupTable(handle);
        ProjectTable projects = new ProjectTable(handle);
        Rows rows = new Rows(
                users.all(),
                users.providerGroups(),
                groups.all(),
                groups.members(),
                projects.all(),
                new MemberTable(handle).all(),
                groups.grants(),
                new ServiceAccountTable(handle).all(),
                new InvitationTable(handle).all(),
                projects.settings());
        return new Organization(revision, rows, mapping);
    }

    /** Nothing changes between the first and the last table: this isolation level keeps what was read as it was. */
    private Organization read(@Nullable Organization known) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            long revision = Revision.ORGANIZATION.of(handle);
            return known != null && known.revision() == revision ? known : load(handle, revision);
        });
    }

    @Override
    public void close() {
        subscriptions.forEach(ChangeFeed.Subscription::close);
    }
}
