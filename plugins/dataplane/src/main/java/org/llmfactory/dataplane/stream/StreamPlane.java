package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.List;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.Config;
import org.llmfactory.messaging.link.Link;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The data plane while this agent belongs to a network. A change of its configuration holds for new streams. */
@Component(service = DataPlane.class, immediate = true, configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class StreamPlane implements DataPlane {
    private final StreamEngine engine;
    private final DataPlane streams;
    private final List<ServiceRegistration<?>> actions;

    @Activate
    public StreamPlane(
            BundleContext context,
            Config config,
            @Reference Membership membership,
            @Reference Link link,
            @Reference ControlPlane controlPlane,
            @Reference StreamServices services,
            @Reference StreamMetrics metrics) {
        this.engine =
                new StreamEngine(membership.self(), link, controlPlane, services, limits(config), metrics.meters());
        this.streams = engine.dataPlane();
        this.actions = engine.actions().stream()
                .<ServiceRegistration<?>>map(action -> context.registerService(AgentAction.class, action, null))
                .toList();
    }

    @Modified
    void modify(Config config) {
        engine.limit(limits(config));
    }

    @Deactivate
    void stop() {
        actions.forEach(ServiceRegistration::unregister);
        engine.close();
    }

    @Override
    public AgentStream open(
            AgentAddress to, String service, Lane lane, byte[] request, StreamListener listener, Duration deadline)
            throws InterruptedException {
        return streams.open(to, service, lane, request, listener, deadline);
    }

    static StreamLimits limits(Config config) {
        return new StreamLimits(
                config.maxStreams(),
                config.maxStreamsPerPeer(),
                config.windowBytes(),
                config.queueBytes(),
                Duration.ofSeconds(config.dataSilenceSeconds()),
                Duration.ofSeconds(config.liveSilenceSeconds()),
                StreamLimits.DEFAULT.framesOfKey(),
                StreamLimits.DEFAULT.ageOfKey());
    }
}
