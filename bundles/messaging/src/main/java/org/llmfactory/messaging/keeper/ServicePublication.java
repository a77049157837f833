package org.llmfactory.messaging.keeper;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.Membership;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Registers the identity as OSGi service. */
final class ServicePublication implements Publication {
    private final BundleContext context;
    private @Nullable ServiceRegistration<?> registration;

    ServicePublication(BundleContext context) {
        this.context = context;
    }

    @Override
    public synchronized void publish(HomeIdentity identity) {
        withdraw();
        Map<String, Object> properties = Map.of("agent.address", identity.self().toString());
        String[] types = {NetworkIdentity.class.getName(), Membership.class.getName()};
        registration = context.registerService(types, identity, FrameworkUtil.asDictionary(properties));
    }

    @Override
    public synchronized void withdraw() {
        ServiceRegistration<?> current = registration;
        registration = null;
        if (current != null) {
            current.unregister();
        }
    }
}
