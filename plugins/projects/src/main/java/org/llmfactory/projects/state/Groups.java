package org.llmfactory.projects.state;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmfactory.api.identity.User;

/** The groups and who is in them. Immutable. */
public final class Groups {
    private final Rows rows;
    private final Collection<User> people;
    private final Map<String, Group> groups;
    private final Map<String, Set<String>> byPerson;

    /**
     * The groups of some rows.
     *
     * @param people oldest first
     * @param byPerson ids of the groups each of them is in
     */
    Groups(Rows rows, Collection<User> people, Map<String, Set<String>> byPerson) {
        this.rows = rows;
        this.people = people;
        this.groups = Index.of(rows.groups(), Group::id);
        this.byPerson = byPerson;
    }

    /** All of them, oldest first. */
    public Collection<Group> all() {
        return groups.values();
    }

    public Optional<Group> find(String id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** Ids of the groups a person is in, by his own or his identity provider's word. */
    public Set<String> of(String user) {
        return byPerson.getOrDefault(user, Set.of());
    }

    /** The people of a group, oldest first. */
    public List<User> people(String group) {
        return people.stream().filter(user -> of(user.id()).contains(group)).toList();
    }

    /** Whether a person was put into a group here, not only by his identity provider. */
    public boolean placed(String group, String user) {
        return rows.groupMembers().contains(new Rows.GroupMember(group, user));
    }

    /** The names that a person's identity provider gave for groups. */
    public Set<String> provided(String user) {
        return rows.providerGroups().stream()
                .filter(group -> group.user().equals(user))
                .map(Rows.ProviderGroup::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
