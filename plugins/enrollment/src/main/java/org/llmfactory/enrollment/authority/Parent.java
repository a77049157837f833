package org.llmfactory.enrollment.authority;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.SigningOrder;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.enrollment.action.RevocationReport;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;

/**
 * The controllers above this one, whichever of them answers.
 *
 * @param control the control plane of the moment; null while there is none
 */
public record Parent(Supplier<@Nullable ControlPlane> control) {
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /**
     * Has a key certified as that of this region's authority.
     *
     * @return the authority's chain
     * @throws FactoryException what they say, or {@code OVERLOADED} when none of them is reached
     */
    List<X509Certificate> certify(NetworkIdentity identity, KeyPair keys) throws InterruptedException {
        SigningOrder order = SigningOrder.of(SigningRequest.create(keys));
        Certified certified = ask(
                identity,
                (plane, controller) -> plane.call(controller, SigningOrder.CERTIFY, order, Certified.class, ANSWER));
        return certified.credential().chain();
    }

    /** Tells them what this region has revoked. */
    public void tell(NetworkIdentity identity, Set<String> revoked) throws InterruptedException {
        RevocationReport report = new RevocationReport(List.copyOf(revoked));
        ask(
                identity,
                (plane, controller) ->
                        plane.call(controller, RevocationReport.ACTION, report, RevocationReport.Noted.class, ANSWER));
    }

    private <R> R ask(NetworkIdentity identity, BiFunction<ControlPlane, AgentAddress, CompletableFuture<R>> question)
            throws InterruptedException {
        ControlPlane plane = control.get();
        if (plane == null) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED, "This controller is not connected with its network yet; try again shortly.");
        }
        FactoryException last = new FactoryException(ErrorCode.OVERLOADED, "This controller knows none above it.");
        for (AgentAddress controller : identity.controllers()) {
            try {
                return question.apply(plane, controller).get();
            } catch (ExecutionException e) {
                last = e.getCause() instanceof FactoryException refusal
                        ? refusal
                        : new FactoryException(ErrorCode.INTERNAL, controller + " fails: " + e.getCause(), e);
            }
        }
        throw last;
    }
}
