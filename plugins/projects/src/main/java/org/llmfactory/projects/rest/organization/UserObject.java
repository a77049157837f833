package org.llmfactory.projects.rest.organization;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Project;

/** A person as OpenAI shows him; what is not known here is null there. */
public record UserObject(
        String object,
        String id,
        String name,
        String email,
        String role,
        long addedAt,
        long created,
        boolean isDefault,
        boolean isServiceAccount,
        boolean isScimManaged,
        Person user,
        Projects projects) {
    /** The person behind the membership. */
    public record Person(String object, String id, String email, String name, boolean enabled, boolean banned) {}

    /** Where he belongs. */
    public record Projects(String object, List<Place> data) {
        public Projects {
            data = List.copyOf(data);
        }
    }

    /** His role in a project. */
    public record Place(String id, @Nullable String name, String role) {}

    /** With all the projects he belongs to. */
    public static UserObject of(Organization now, User user) {
        return of(now, user, project -> true);
    }

    /** With one project alone: whoever looks after it need not know of others. */
    public static UserObject in(Organization now, User user, String project) {
        return of(now, user, project::equals);
    }

    private static UserObject of(Organization now, User user, Predicate<String> shown) {
        List<Place> places = now.places().roles(user.id()).entrySet().stream()
                .filter(entry -> shown.test(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Place(
                        entry.getKey(),
                        now.project(entry.getKey()).map(Project::name).orElse(null),
                        Inputs.word(entry.getValue())))
                .toList();
        long added = Seconds.of(user.added());
        return new UserObject(
                "organization.user",
                user.id(),
                user.name(),
                user.email(),
                Inputs.word(user.role()),
                added,
                added,
                false,
                false,
                false,
                new Person("user", user.id(), user.email(), user.name(), true, false),
                new Projects("list", places));
    }
}
