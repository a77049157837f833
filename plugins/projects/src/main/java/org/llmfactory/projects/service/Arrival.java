package org.llmfactory.projects.service;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Project;
import org.llmfactory.projects.state.Rows;
import org.llmfactory.projects.store.Change;

/**
 * A person at the door.
 *
 * @param email lower case
 * @param name as he or his identity provider writes it, possibly blank
 * @param groups those of his provider that mean something here
 */
record Arrival(String email, String name, Set<String> groups, Instant when) {
    private static final int MAXIMUM_EMAIL = 254;
    private static final int MAXIMUM_NAME = 256;

    Arrival {
        email = email.strip().toLowerCase(Locale.ROOT);
        if (email.length() > MAXIMUM_EMAIL || email.indexOf('@') < 1) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "Your sign-in gives no usable e-mail address.");
        }
        name = readable(name);
        groups = Set.copyOf(groups);
    }

    private static String readable(String name) {
        String clean = name.replaceAll("\\p{Cntrl}|\\p{Cs}", " ").strip();
        return clean.length() > MAXIMUM_NAME ? clean.substring(0, MAXIMUM_NAME) : clean;
    }

    /** Whether a known person comes as he came last time. */
    boolean changesNothing(Organization now, User user) {
        return (name.isEmpty() || name.equals(user.name()))
                && groups.equals(now.groups().provided(user.id()))
                && invitations(now).isEmpty();
    }

    /**
     * Lets him in, or brings up to date what is known of him.
     *
     * @return his id
     */
    String settle(Change change, Organization now, boolean admitNewcomers) {
        List<Invitation> invitations = invitations(now);
        Optional<User> known = now.userByEmail(email);
        if (known.isEmpty() && invitations.isEmpty() && !admitNewcomers) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "You are not a member of this organization; ask an administrator to invite you.");
        }
        String id = known.map(User::id).orElseGet(() -> add(change, OrganizationRole.READER));
        invitations.forEach(invitation -> honour(change, now, id, invitation));
        known.filter(user -> !name.isEmpty() && !name.equals(user.name())).ifPresent(user -> rename(change, user));
        if (!groups.equals(now.groups().provided(id))) {
            change.users().setProviderGroups(id, groups);
            change.enter("user.updated", Optional.empty(), id, Map.of("provider_groups", sorted(groups)));
        }
        return id;
    }

    /**
     * Lets him in by an invitation.
     *
     * @return his id
     */
    String accept(Change change, Organization now, Invitation invitation) {
        String id = now.userByEmail(email).map(User::id).orElseGet(() -> add(change, OrganizationRole.READER));
        honour(change, now, id, invitation);
        return id;
    }

    private List<Invitation> invitations(Organization now) {
        return now.invitations().stream()
                .filter(invitation -> invitation.email().equals(email) && invitation.open(when))
                .toList();
    }

    private String add(Change change, OrganizationRole role) {
        User user = new User(Ids.next("user-"), email, name.isEmpty() ? email : name, role, when);
        change.users().insert(user);
        change.enter("user.added", Optional.empty(), user.id(), Map.of("email", email));
        return user.id();
    }

    private void rename(Change change, User user) {
        change.users().rename(user.id(), name);
        change.enter("user.updated", Optional.empty(), user.id(), Map.of("name", name));
    }

    /** Gives what the invitation promises, and takes nothing that he already has. */
    private void honour(Change change, Organization now, String user, Invitation invitation) {
        if (!now.ownRole(user).covers(invitation.role())) {
            change.users().setRole(user, invitation.role());
        }
        invitation.projects().forEach((project, role) -> {
            boolean active = now.project(project).filter(Project::active).isPresent();
            boolean better = now.places()
                    .own(project, user)
                    .map(Rows.Membership::role)
                    .filter(known -> known.covers(role))
                    .isPresent();
            if (active && !better) {
                change.members().set(project, user, role, when);
            }
        });
        change.invitations().accept(invitation.id(), when);
        change.enter("invite.accepted", Optional.empty(), invitation.id(), Map.of("user", user));
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
