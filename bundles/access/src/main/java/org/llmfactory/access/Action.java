package org.llmfactory.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/**
 * Everything that can be done, and the role it takes: the table that {@link AccessPolicy} reads. The columns are the role
 * in the organization that suffices, the role in the resource's project that suffices, and the role that suffices for
 * one's own; {@code null} where no role does. What is published to all may be acted on from any project with the role
 * that suffices for one's own, where the last column says so.
 */
public enum Action {
    // The organization
    READ_ORGANIZATION(Area.ADMINISTRATION, OrganizationRole.OWNER, null, null, false),
    MANAGE_ORGANIZATION(Area.ADMINISTRATION, OrganizationRole.OWNER, null, null, false),
    MANAGE_ADMIN_KEYS(Area.ADMINISTRATION, OrganizationRole.OWNER, null, null, false),
    CREATE_PROJECT(Area.ADMINISTRATION, OrganizationRole.OWNER, null, null, false),
    MANAGE_LIMITS(Area.ADMINISTRATION, OrganizationRole.OWNER, null, null, false),
    OPERATE_PLATFORM(Area.PLATFORM, OrganizationRole.OWNER, null, null, false),

    // A project and its people
    READ_PROJECT(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.VIEWER, null, false),
    UPDATE_PROJECT(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),
    ARCHIVE_PROJECT(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),
    READ_MEMBERS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.VIEWER, null, false),
    MANAGE_MEMBERS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),
    MANAGE_SERVICE_ACCOUNTS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.MAINTAINER, null, false),
    READ_KEYS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),
    CREATE_KEY(Area.ADMINISTRATION, null, null, ProjectRole.MEMBER, false),
    REVOKE_KEY(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, ProjectRole.MEMBER, false),
    READ_SETTINGS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.VIEWER, null, false),
    MANAGE_SETTINGS(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),
    READ_POLICIES(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.VIEWER, null, false),
    MANAGE_POLICIES(Area.ADMINISTRATION, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),

    // Reports
    READ_AUDIT(Area.REPORTS, OrganizationRole.OWNER, ProjectRole.OWNER, null, false),
    VERIFY_AUDIT(Area.REPORTS, OrganizationRole.OWNER, null, null, false),
    READ_USAGE(Area.REPORTS, OrganizationRole.OWNER, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),

    // Models
    LIST_MODELS(Area.INFERENCE, null, ProjectRole.VIEWER, null, false),
    GENERATE(Area.INFERENCE, null, ProjectRole.MEMBER, null, false),
    USE_ADAPTER(Area.INFERENCE, null, ProjectRole.MEMBER, ProjectRole.MEMBER, true),
    USE_PRESET(Area.INFERENCE, null, ProjectRole.MEMBER, ProjectRole.MEMBER, true),
    KEEP_CHAT(Area.INFERENCE, null, ProjectRole.OWNER, ProjectRole.MEMBER, false),

    // Training
    READ_JOB(Area.DATA, null, ProjectRole.VIEWER, null, false),
    CREATE_JOB(Area.DATA, null, ProjectRole.MEMBER, null, false),
    MANAGE_JOB(Area.DATA, null, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),

    // Adapters and presets
    READ_ADAPTER(Area.ADAPTERS, OrganizationRole.OWNER, ProjectRole.VIEWER, ProjectRole.VIEWER, true),
    CREATE_ADAPTER(Area.ADAPTERS, null, ProjectRole.MEMBER, null, false),
    UPDATE_ADAPTER(Area.ADAPTERS, null, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),
    DELETE_ADAPTER(Area.ADAPTERS, OrganizationRole.OWNER, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),
    PUBLISH(Area.ADAPTERS, OrganizationRole.OWNER, null, null, false),
    READ_PRESET(Area.ADAPTERS, OrganizationRole.OWNER, ProjectRole.VIEWER, ProjectRole.VIEWER, true),
    CREATE_PRESET(Area.ADAPTERS, null, ProjectRole.MEMBER, null, false),
    UPDATE_PRESET(Area.ADAPTERS, null, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false),

    // Files
    READ_FILE(Area.DATA, null, ProjectRole.MEMBER, null, false),
    CREATE_FILE(Area.DATA, null, ProjectRole.MEMBER, null, false),
    DELETE_FILE(Area.DATA, OrganizationRole.OWNER, ProjectRole.MAINTAINER, ProjectRole.MEMBER, false);

    private final Area area;
    private final @Nullable OrganizationRole organization;
    private final @Nullable ProjectRole project;
    private final @Nullable ProjectRole own;
    private final boolean published;

    Action(
            Area area,
            @Nullable OrganizationRole organization,
            @Nullable ProjectRole project,
            @Nullable ProjectRole own,
            boolean published) {
        this.area = area;
        this.organization = organization;
        this.project = project;
        this.own = own;
        this.published = published;
    }

    /** The part of the interface it belongs to, which a key must open. */
    public Area area() {
        return area;
    }

    /** The role in the organization that suffices, whatever the project. */
    public Optional<OrganizationRole> organizationRole() {
        return Optional.ofNullable(organization);
    }

    /** The role in the resource's project that suffices. */
    public Optional<ProjectRole> projectRole() {
        return Optional.ofNullable(project);
    }

    /** The role in the resource's project that suffices for what the caller owns himself. */
    public Optional<ProjectRole> ownRole() {
        return Optional.ofNullable(own);
    }

    /** Whether it may be done to what is published, from any project. */
    public boolean isForPublished() {
        return published;
    }
}
