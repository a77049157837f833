package org.llmfactory.itest.governance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.Platform.Person;

/**
 * Somebody who tries every endpoint.
 *
 * @param name what he is
 * @param client how he asks
 * @param caller who he should be to the agent; empty for nobody
 * @param outsider whether the project is none of his business
 */
record Visitor(String name, ApiClient client, Optional<Caller> caller, boolean outsider) {
    /** One of each sort, seen from a project. */
    static List<Visitor> of(Platform platform, String project) throws IOException, InterruptedException {
        List<Visitor> visitors = new ArrayList<>();
        visitors.add(new Visitor("nobody", platform.anonymous(), Optional.empty(), true));
        String other = platform.project("elsewhere");
        visitors.add(stranger(platform, other));
        for (ProjectRole role : ProjectRole.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            Person person = platform.person(name, OrganizationRole.READER, Map.of(project, role));
            visitors.add(browser(name + " at the browser", person, project, OrganizationRole.READER, role));
            if (role.covers(ProjectRole.MEMBER)) {
                visitors.add(holder(name + " with a key", platform, person, project, role, EnumSet.allOf(Area.class)));
            }
            if (role == ProjectRole.OWNER) {
                visitors.addAll(narrowed(platform, person, project));
            }
        }
        visitors.add(organizationOwner(platform));
        visitors.add(new Visitor(
                "the holder of the key file", platform.administrator(), Optional.of(Caller.platform()), false));
        return List.copyOf(visitors);
    }

    private static Visitor stranger(Platform platform, String other) throws IOException, InterruptedException {
        Person person = platform.person("stranger", OrganizationRole.READER, Map.of(other, ProjectRole.OWNER));
        Visitor owner = holder(
                "another project's owner", platform, person, other, ProjectRole.OWNER, EnumSet.allOf(Area.class));
        return new Visitor(owner.name, owner.client, owner.caller, true);
    }

    /** An owner with a key for everything but one area, for each area. */
    private static List<Visitor> narrowed(Platform platform, Person owner, String project)
            throws IOException, InterruptedException {
        List<Visitor> visitors = new ArrayList<>();
        for (Area area : Area.values()) {
            Set<Area> others = EnumSet.complementOf(EnumSet.of(area));
            String name = "owner whose key does not open " + area.name().toLowerCase(Locale.ROOT);
            visitors.add(holder(name, platform, owner, project, ProjectRole.OWNER, others));
        }
        return visitors;
    }

    private static Visitor holder(
            String name, Platform platform, Person person, String project, ProjectRole role, Set<Area> areas)
            throws IOException, InterruptedException {
        Platform.IssuedKey key = platform.key(person, project, areas);
        Caller caller = new Caller(
                Caller.Kind.USER,
                person.id(),
                project,
                OrganizationRole.READER,
                Map.of(project, role),
                Optional.of(key.id()),
                KeyScope.of(areas));
        return new Visitor(name, platform.anonymous().withKey(key.value()), Optional.of(caller), false);
    }

    private static Visitor browser(
            String name, Person person, String project, OrganizationRole organization, ProjectRole role) {
        Caller caller = session(person, project, organization, Map.of(project, role));
        return new Visitor(name, person.session().inProject(project), Optional.of(caller), false);
    }

    private static Visitor organizationOwner(Platform platform) throws IOException, InterruptedException {
        Person person = platform.person("organizer", OrganizationRole.OWNER, Map.of());
        Caller caller = session(person, Caller.DEFAULT_PROJECT, OrganizationRole.OWNER, Map.of());
        return new Visitor("an owner of the organization", person.session(), Optional.of(caller), false);
    }

    private static Caller session(
            Person person, String project, OrganizationRole organization, Map<String, ProjectRole> projects) {
        return new Caller(
                Caller.Kind.USER,
                person.id(),
                project,
                organization,
                projects,
                Optional.empty(),
                KeyScope.UNRESTRICTED);
    }
}
