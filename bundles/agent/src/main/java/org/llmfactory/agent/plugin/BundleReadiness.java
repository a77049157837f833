package org.llmfactory.agent.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Tells whether the components of a started bundle do what they are there for. */
@Component(service = BundleReadiness.class)
public final class BundleReadiness {
    private static final Duration STEP = Duration.ofMillis(10);

    private final ServiceComponentRuntime components;

    @Activate
    public BundleReadiness(@Reference ServiceComponentRuntime components) {
        this.components = components;
    }

    /**
     * Waits until every enabled component of the bundle is satisfied.
     *
     * @return what is still missing when the deadline passed or an activation failed; empty when nothing is
     */
    List<String> await(Bundle bundle, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            List<String> missing = missing(bundle);
            if (missing.isEmpty()
                    || System.nanoTime() > end
                    || Thread.currentThread().isInterrupted()) {
                return missing;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** What a bundle's enabled components still wait for, or failed of; empty when nothing is missing. */
    public List<String> missing(Bundle bundle) {
        List<String> missing = new ArrayList<>();
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
            if (components.isComponentEnabled(description)) {
                for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(description)) {
                    missing.addAll(missing(description, configuration));
                }
            }
        }
        return missing;
    }

    private static List<String> missing(ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
        List<String> missing = new ArrayList<>();
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            missing.add("component " + description.name + " failed to activate: " + firstLine(configuration.failure));
        } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
            missing.add("component " + description.name + " has no configuration");
        } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                missing.add("component " + description.name + " waits for a service for its reference " + reference.name
                        + (reference.target == null ? "" : " with " + reference.target));
            }
        }
        return missing;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
