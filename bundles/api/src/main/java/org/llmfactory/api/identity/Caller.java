package org.llmfactory.api.identity;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who is calling, and what he was granted; worked out once, by the {@link Authenticator}.
 *
 * @param kind what sort of principal this is
 * @param id {@code user-…}, {@code svc_acct_…}, or {@code admin} for the platform itself
 * @param project whose data the request is about unless it names another project: {@code proj_…}
 * @param organizationRole his role in the organization
 * @param projects his role in each project he belongs to; with an API key, the key's own project alone
 * @param apiKey the id of the API key he came with; empty for a browser session
 * @param scope what the key narrows all this to
 */
public record Caller(
        Kind kind,
        String id,
        String project,
        OrganizationRole organizationRole,
        Map<String, ProjectRole> projects,
        Optional<String> apiKey,
        KeyScope scope) {
    /** The request attribute (servlet and JAX-RS) that holds the caller once authenticated. */
    public static final String ATTRIBUTE = "org.llmfactory.caller";

    /** The project that is always there; what belongs to no other project belongs to it. */
    public static final String DEFAULT_PROJECT = "proj_default";

    /** Sorts of principals. */
    public enum Kind {
        /** A person. */
        USER,
        /** A program that belongs to a project. */
        SERVICE_ACCOUNT,
        /** Whoever holds the key file of the home. */
        PLATFORM
    }

    public Caller {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(organizationRole, "organizationRole");
        projects = Map.copyOf(projects);
        Objects.requireNonNull(apiKey, "apiKey");
        Objects.requireNonNull(scope, "scope");
    }

    /** The holder of the key file in the home: owner of the organization and of the default project. */
    public static Caller platform() {
        return new Caller(
                Kind.PLATFORM,
                "admin",
                DEFAULT_PROJECT,
                OrganizationRole.OWNER,
                Map.of(DEFAULT_PROJECT, ProjectRole.OWNER),
                Optional.empty(),
                KeyScope.UNRESTRICTED);
    }

    /** His role in a project; empty for an outsider. */
    public Optional<ProjectRole> roleIn(String anyProject) {
        return Optional.ofNullable(projects.get(anyProject));
    }
}
