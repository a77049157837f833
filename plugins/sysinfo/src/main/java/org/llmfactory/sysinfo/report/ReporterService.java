package org.llmfactory.sysinfo.report;

import java.util.Map;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Membership;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Reports while this agent belongs to a network. */
@Component(service = ReporterService.class, immediate = true)
public final class ReporterService {
    private final AgentDescription description;
    private final Reporter reporter;
    private final Runnable wake;

    @Activate
    public ReporterService(
            @Reference Membership membership, @Reference DataPlane dataPlane, @Reference AgentDescription description) {
        this.description = description;
        this.reporter = new Reporter(membership, dataPlane, description::describe);
        this.wake = reporter::wake;
        description.listen(wake);
    }

    @Deactivate
    void stop() {
        description.ignore(wake);
        reporter.close();
    }

    /** The controllers that this agent reports to, and whether each is being told. */
    public Map<AgentAddress, Boolean> reached() {
        return reporter.reached();
    }
}
