package org.llmfactory.djl;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Configures DJL before the first of its classes is used. */
public final class Activator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Djl.setUnlessSet(Djl.CACHE_PROPERTY, context.getProperty(Djl.CACHE_PROPERTY));
        Djl.configure();
    }

    @Override
    public void stop(BundleContext context) {
        // The settings are the process's: the natives stay loaded too.
    }
}
