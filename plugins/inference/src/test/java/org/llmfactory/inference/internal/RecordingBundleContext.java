package org.llmfactory.inference.internal;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** A bundle context that only keeps the services registered with it. */
final class RecordingBundleContext {
    /** A registered service. */
    record Registered(Object service, Map<String, Object> properties) {}

    private final List<Registered> services = new ArrayList<>();

    BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("registerService")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return register(arguments[1], (Dictionary<?, ?>) arguments[2]);
                });
    }

    synchronized List<Registered> services() {
        return List.copyOf(services);
    }

    @SuppressWarnings("unchecked") // service properties have names that are strings
    private synchronized Object register(Object service, Dictionary<?, ?> properties) {
        Registered registered = new Registered(service, FrameworkUtil.asMap((Dictionary<String, Object>) properties));
        services.add(registered);
        return Proxy.newProxyInstance(
                ServiceRegistration.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("unregister")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    remove(registered);
                    return null;
                });
    }

    private synchronized void remove(Registered registered) {
        if (!services.remove(registered)) {
            throw new IllegalStateException("unregistered twice");
        }
    }
}
