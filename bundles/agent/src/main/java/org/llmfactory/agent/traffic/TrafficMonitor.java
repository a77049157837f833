package org.llmfactory.agent.traffic;

import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;

/** Keeps the {@link RouteTable} in step with the services that answer HTTP requests. */
@Component(service = TrafficMonitor.class)
public final class TrafficMonitor {
    /** It registers servlets on behalf of the applications, which are the ones that count. */
    private static final String JAXRS_WHITEBOARD = "org.apache.aries.jax.rs.whiteboard";

    private final RouteTable routes = new RouteTable();
    private final Traffic traffic = new Traffic(routes);
    private final ServiceTracker<Object, Object> tracker;

    @Activate
    public TrafficMonitor(BundleContext context) throws InvalidSyntaxException {
        this.tracker = new ServiceTracker<>(context, context.createFilter(RouteTable.FILTER), null) {
            @Override
            public Object addingService(ServiceReference<Object> reference) {
                note(reference);
                return reference;
            }

            @Override
            public void modifiedService(ServiceReference<Object> reference, Object service) {
                note(reference);
            }

            @Override
            public void removedService(ServiceReference<Object> reference, Object service) {
                routes.remove(reference);
            }
        };
        tracker.open(true);
    }

    @Deactivate
    public void stop() {
        tracker.close();
    }

    public Traffic traffic() {
        return traffic;
    }

    private void note(ServiceReference<?> reference) {
        String owner = reference.getBundle().getSymbolicName();
        if (JAXRS_WHITEBOARD.equals(owner)) {
            return;
        }
        Dictionary<String, Object> dictionary = reference.getProperties();
        Map<String, Object> properties = new HashMap<>();
        for (Enumeration<String> names = dictionary.keys(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            properties.put(name, dictionary.get(name));
        }
        routes.add(reference, owner, properties);
    }
}
