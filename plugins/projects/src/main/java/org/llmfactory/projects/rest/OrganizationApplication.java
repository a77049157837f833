package org.llmfactory.projects.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.projects.rest.organization.AdminKeysResource;
import org.llmfactory.projects.rest.organization.GroupUsersResource;
import org.llmfactory.projects.rest.organization.GroupsResource;
import org.llmfactory.projects.rest.organization.InvitesResource;
import org.llmfactory.projects.rest.organization.UsersResource;
import org.llmfactory.projects.rest.project.BudgetResource;
import org.llmfactory.projects.rest.project.DataRetentionResource;
import org.llmfactory.projects.rest.project.ModelPermissionsResource;
import org.llmfactory.projects.rest.project.ProjectGroupsResource;
import org.llmfactory.projects.rest.project.ProjectKeysResource;
import org.llmfactory.projects.rest.project.ProjectResource;
import org.llmfactory.projects.rest.project.ProjectUsersResource;
import org.llmfactory.projects.rest.project.ProjectsResource;
import org.llmfactory.projects.rest.project.RateLimitsResource;
import org.llmfactory.projects.rest.project.ServiceAccountKeysResource;
import org.llmfactory.projects.rest.project.ServiceAccountsResource;
import org.llmfactory.projects.rest.project.SettingsResource;
import org.llmfactory.projects.rest.role.GroupRolesResource;
import org.llmfactory.projects.rest.role.OrganizationRolesResource;
import org.llmfactory.projects.rest.role.UserRolesResource;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The organization and its projects, under {@code /v1/organization}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/organization")
@JaxrsName("organization")
public final class OrganizationApplication extends FactoryApplication {
    @Activate
    public OrganizationApplication(@Reference Administration administration) {
        super(
                new UsersResource(administration),
                new UserRolesResource(administration),
                new InvitesResource(administration),
                new GroupsResource(administration),
                new GroupUsersResource(administration),
                new GroupRolesResource(administration),
                new OrganizationRolesResource(),
                new AdminKeysResource(administration),
                new ProjectsResource(administration),
                new ProjectResource(administration),
                new ProjectUsersResource(administration),
                new ProjectGroupsResource(administration),
                new ServiceAccountsResource(administration),
                new ServiceAccountKeysResource(administration),
                new ProjectKeysResource(administration),
                new RateLimitsResource(administration),
                new ModelPermissionsResource(administration),
                new BudgetResource(administration),
                new DataRetentionResource(administration),
                new SettingsResource(administration));
    }
}
