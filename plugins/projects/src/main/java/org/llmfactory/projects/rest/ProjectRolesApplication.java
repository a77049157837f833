package org.llmfactory.projects.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.projects.rest.role.ProjectGroupRolesResource;
import org.llmfactory.projects.rest.role.ProjectRolesResource;
import org.llmfactory.projects.rest.role.ProjectUserRolesResource;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The roles in projects, under {@code /v1/projects}, where OpenAI has them. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/projects")
@JaxrsName("project-roles")
public final class ProjectRolesApplication extends FactoryApplication {
    @Activate
    public ProjectRolesApplication(@Reference Administration administration) {
        super(
                new ProjectRolesResource(),
                new ProjectUserRolesResource(administration),
                new ProjectGroupRolesResource(administration));
    }
}
