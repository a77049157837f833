package org.llmfactory.inference.remote;

import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Where services are published. */
public interface Services {
    /**
     * Publishes a service.
     *
     * @return takes it back; to be run once
     */
    <S> Runnable publish(Class<S> type, S service, Map<String, ?> properties);

    /** Those of a bundle. */
    static Services of(BundleContext context) {
        return new Services() {
            @Override
            public <S> Runnable publish(Class<S> type, S service, Map<String, ?> properties) {
                ServiceRegistration<S> registration =
                        context.registerService(type, service, FrameworkUtil.asDictionary(properties));
                return registration::unregister;
            }
        };
    }
}
