package org.llmfactory.projects.service;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.store.Changes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Who belongs to what, from memory; and how people come in. */
@Component
public final class StoredDirectory implements Directory {
    private final Tables tables;
    private final ChangesService changes;
    private final Clock clock;

    @Activate
    public StoredDirectory(@Reference Tables tables, @Reference ChangesService changes) {
        this(tables, changes, Clock.systemUTC());
    }

    StoredDirectory(Tables tables, ChangesService changes, Clock clock) {
        this.tables = tables;
        this.changes = changes;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    private Organization now() {
        return tables.organization().now();
    }

    @Override
    public Optional<User> user(String id) {
        return now().user(id);
    }

    @Override
    public Optional<User> userByEmail(String email) {
        return now().userByEmail(email);
    }

    @Override
    public Map<String, ProjectRole> memberships(String principal) {
        return now().places().roles(principal);
    }

    @Override
    public User signedIn(String email, String name, Set<String> groups) {
        Organization known = now();
        Arrival arrival = new Arrival(email, name, known(known, groups), clock.instant());
        Optional<User> settled = known.userByEmail(arrival.email()).filter(user -> arrival.changesNothing(known, user));
        return settled.orElseGet(() -> known(changes.changes()
                .organization(
                        Actor.anonymous(arrival.email(), ""),
                        Changes.Owners.AS_IT_COMES,
                        (change, now) -> arrival.settle(change, now, tables.admitNewcomers()))));
    }

    /** Of the groups that a provider states, those that mean anything here. */
    private Set<String> known(Organization organization, Set<String> groups) {
        return Stream.concat(
                        organization.groups().all().stream().map(Group::name),
                        tables.organization().mapping().names().stream())
                .filter(groups::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public User accept(String token, String name) {
        Invitation invitation = tables.organization().invitation(token).orElseThrow(StoredDirectory::noInvitation);
        Arrival arrival = new Arrival(invitation.email(), name, Set.of(), clock.instant());
        return known(changes.changes()
                .organization(
                        Actor.anonymous(arrival.email(), ""),
                        (change, now) -> now.invitation(invitation.id())
                                .filter(still -> still.open(arrival.when()))
                                .map(still -> arrival.accept(change, now, still))
                                .orElseThrow(StoredDirectory::noInvitation)));
    }

    private User known(String id) {
        return user(id).orElseThrow(() -> new IllegalStateException("gone as soon as he came: " + id));
    }

    private static FactoryException noInvitation() {
        return new FactoryException(
                ErrorCode.NOT_FOUND, "This invitation is not valid, or no longer; ask for a new one.");
    }
}
