package org.llmfactory.fleet.rest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.DataPlane;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The way to other agents, which is there while this controller belongs to a network. */
@Component(service = Network.class)
public final class Network {
    private static final Duration RETRY = Duration.ofSeconds(5);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable ControlPlane controlPlane;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable DataPlane dataPlane;

    ControlPlane control() {
        return present(controlPlane);
    }

    DataPlane data() {
        return present(dataPlane);
    }

    private static <T> T present(@Nullable T service) {
        if (service == null) {
            throw FactoryException.retryLater(
                    ErrorCode.UNAVAILABLE,
                    RETRY,
                    "This controller is not connected to a network at present. Open one with './factory agent token'.");
        }
        return service;
    }
}
