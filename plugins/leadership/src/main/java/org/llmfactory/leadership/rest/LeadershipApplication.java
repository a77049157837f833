package org.llmfactory.leadership.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.leadership.service.ElectedLeadership;
import org.llmfactory.leadership.service.LeadershipAudit;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The controllers that vote, under {@code /admin/network/controllers}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/network/controllers")
@JaxrsName("leadership")
public final class LeadershipApplication extends FactoryApplication {
    @Activate
    public LeadershipApplication(@Reference ElectedLeadership leadership, @Reference LeadershipAudit audit) {
        super(new ControllersResource(leadership, audit));
    }
}
