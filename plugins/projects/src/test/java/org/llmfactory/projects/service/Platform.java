package org.llmfactory.projects.service;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.testing.InMemoryApiKeys;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.database.Database;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.GroupMapping;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Project;
import org.llmfactory.projects.store.Change;
import org.llmfactory.projects.store.Changes;

/** The plugin on a database of its own, or as one more agent on a given one. */
public final class Platform implements AutoCloseable {
    private static final Instant WHEN = Instant.ofEpochMilli(1_000);

    public final InMemoryLedger ledger = new InMemoryLedger();
    public final InMemoryApiKeys keys = new InMemoryApiKeys();
    public final Tables tables;
    public final ChangesService changes;
    private final Runnable database;

    public Platform() {
        this(new CleanDatabase());
    }

    private Platform(CleanDatabase database) {
        this(database, database::close, GroupMapping.NONE, false);
    }

    public Platform(Database database) {
        this(database, GroupMapping.NONE, false);
    }

    Platform(Database database, GroupMapping mapping, boolean admitNewcomers) {
        this(database, () -> {}, mapping, admitNewcomers);
    }

    private Platform(Database database, Runnable closed, GroupMapping mapping, boolean admitNewcomers) {
        this.database = closed;
        this.tables = new Tables(database, mapping, admitNewcomers);
        this.changes = new ChangesService(tables);
        changes.bindLedger(ledger);
        changes.bindKeys(keys);
    }

    public Organization now() {
        return tables.organization().now();
    }

    public void change(BiConsumer<Change, Organization> work) {
        changes.changes().organization(Actor.system(), (change, now) -> {
            work.accept(change, now);
            return true;
        });
    }

    public String user(String email, OrganizationRole role) {
        User user = new User("user-" + now().users().size(), email, "Name of " + email, role, WHEN);
        change((change, now) -> change.users().insert(user));
        return user.id();
    }

    public void join(String user, String project, ProjectRole role) {
        change((change, now) -> change.members().set(project, user, role, WHEN));
    }

    public void project(String id) {
        change((change, now) -> change.projects().insert(new Project(id, "Project " + id, WHEN, Optional.empty())));
    }

    public String group(String name, String... users) {
        Group group = new Group("group-" + now().groups().all().size(), name, OrganizationRole.NONE, WHEN);
        change((change, now) -> {
            change.groups().insert(group);
            List.of(users).forEach(user -> change.groups().addMember(group.id(), user));
        });
        return group.id();
    }

    public void invite(
            String token, String email, OrganizationRole role, Map<String, ProjectRole> projects, Instant expires) {
        Invitation invitation = new Invitation(
                "invite-" + now().invitations().size(), email, role, projects, WHEN, expires, Optional.empty());
        change((change, now) -> change.invitations().insert(invitation, token));
    }

    public ChangesService changesService() {
        return changes;
    }

    public Changes changes() {
        return changes.changes();
    }

    @Override
    public void close() {
        tables.close();
        database.run();
    }
}
