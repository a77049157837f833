package org.llmfactory.deployer.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.agent.deploy.WithdrawOrder;
import org.llmfactory.agent.deploy.WithdrawOutcome;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.reconcile.Authority.Mandate;
import org.llmfactory.deployer.repository.PluginFiles;

/** What is asked of agents. */
final class Orders {
    /** For fetching, draining, starting; the trial comes on top. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final Supplier<Optional<ControlPlane>> control;
    private final PluginSignatures signatures;
    private final PluginFiles files;

    Orders(Supplier<Optional<ControlPlane>> control, PluginSignatures signatures, PluginFiles files) {
        this.control = control;
        this.signatures = signatures;
        this.files = files;
    }

    CompletableFuture<DeployOutcome> deploy(Mandate mandate, AgentAddress agent, Target target, int healthSeconds) {
        List<String> signers =
                signatures.signers().stream().map(PluginSigner::certificate).toList();
        DeployOrder order = new DeployOrder(
                mandate.deployer(),
                mandate.epoch(),
                target.plugin(),
                target.digest(),
                target.spec().configuration(),
                signers,
                healthSeconds);
        files.grant(agent, target.digest());
        return control.get()
                .map(plane -> plane.call(
                        agent, DeployOrder.ACTION, order, DeployOutcome.class, PATIENCE.plusSeconds(healthSeconds)))
                .orElseGet(Orders::notConnected)
                .whenComplete((outcome, failure) -> files.revoke(agent, target.digest()));
    }

    CompletableFuture<WithdrawOutcome> withdraw(Mandate mandate, AgentAddress agent, String plugin) {
        WithdrawOrder order = new WithdrawOrder(mandate.deployer(), mandate.epoch(), plugin);
        return control.get()
                .map(plane -> plane.call(agent, WithdrawOrder.ACTION, order, WithdrawOutcome.class, PATIENCE))
                .orElseGet(Orders::notConnected);
    }

    private static <T> CompletableFuture<T> notConnected() {
        return CompletableFuture.failedFuture(
                new FactoryException(ErrorCode.OVERLOADED, "This controller belongs to no network."));
    }
}
