package org.llmfactory.bench.network;

import java.util.Arrays;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Stops the data plane of this agent for a while, since a lane of the link has one receiver. All its streams fail. */
final class DataPlanePause {
    private static final String DATA_PLANE = "org.llmfactory.dataplane";

    private DataPlanePause() {}

    /** What is done meanwhile. */
    interface Work<T> {
        T perform() throws InterruptedException;
    }

    /** @throws FactoryException {@code UNAVAILABLE} when there is no data plane, or it does not stop or start */
    static <T> T during(BundleContext context, Work<T> work) throws InterruptedException {
        List<Bundle> running = Arrays.stream(context.getBundles())
                .filter(bundle -> DATA_PLANE.equals(bundle.getSymbolicName()))
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .toList();
        if (running.isEmpty()) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "This agent has no data plane at present.");
        }
        try {
            for (Bundle bundle : running) {
                bundle.stop(Bundle.STOP_TRANSIENT);
            }
            return work.perform();
        } catch (BundleException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The data plane does not stop.", e);
        } finally {
            running.forEach(DataPlanePause::start);
        }
    }

    private static void start(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The data plane does not start again.", e);
        }
    }
}
