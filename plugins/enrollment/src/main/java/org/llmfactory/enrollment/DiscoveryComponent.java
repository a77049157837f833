package org.llmfactory.enrollment;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.Beacon;
import org.llmfactory.enrollment.authority.Authorities;
import org.llmfactory.enrollment.news.DiscoveryResponder;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets agents find this controller on the local network, where the operator wants that. */
@Component(
        service = {},
        configurationPid = Config.PID)
public final class DiscoveryComponent {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryComponent.class);
    private static final String HTTP_PORT = "org.osgi.service.http.port";

    private final @Nullable DiscoveryResponder responder;

    @Activate
    public DiscoveryComponent(@Reference Enrollment enrollment, BundleContext context, Config config) {
        this.responder = config.discovery() ? open(enrollment, context) : null;
    }

    private static @Nullable DiscoveryResponder open(Enrollment enrollment, BundleContext context) {
        Optional<Integer> port =
                Optional.ofNullable(context.getProperty(HTTP_PORT)).map(Integer::valueOf);
        try {
            return new DiscoveryResponder(
                    Beacon.GROUP, () -> enrollment.authorities().find().map(Authorities::network), port.orElse(8080));
        } catch (IOException e) {
            LOG.error(
                    "Agents cannot find this controller on the local network; they join by its URL: {}",
                    e.getMessage());
            return null;
        }
    }

    @Deactivate
    void stop() {
        if (responder != null) {
            responder.close();
        }
    }
}
