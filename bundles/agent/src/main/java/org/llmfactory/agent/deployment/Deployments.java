package org.llmfactory.agent.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.agent.deploy.WithdrawOrder;
import org.llmfactory.agent.deploy.WithdrawOutcome;
import org.llmfactory.agent.plugin.Configured;
import org.llmfactory.agent.plugin.HotPluginManager;
import org.llmfactory.agent.plugin.PluginConfigurations;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Does what controllers order, one order at a time; an order that was carried out already is carried out again unharmed. */
@Component(service = Deployments.class)
public final class Deployments {
    private static final Duration FETCH = Duration.ofMinutes(5);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_TRIAL = 600;

    private final HotPluginManager plugins;
    private final PluginConfigurations configurations;
    private final HealthGate gate;
    private final DeploymentLog log;
    private final Epochs epochs;
    private final Path cache;

    /** There while the agent belongs to a network. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable AgentFiles files;

    @Activate
    public Deployments(
            @Reference Home home,
            @Reference HotPluginManager plugins,
            @Reference PluginConfigurations configurations,
            @Reference HealthGate gate,
            @Reference DeploymentLog log) {
        this.plugins = plugins;
        this.configurations = configurations;
        this.gate = gate;
        this.log = log;
        this.epochs = new Epochs(home.root().resolve("plugins").resolve("epochs"));
        this.cache = home.cache().resolve("plugins");
    }

    /**
     * Deploys a plugin and watches it.
     *
     * @return what came of it; a plugin that cannot work here is an outcome
     * @throws FactoryException {@code CONFLICT} for an order of an old epoch, {@code INVALID_VALUE} for a malformed one;
     *     {@code OVERLOADED}, {@code NOT_FOUND} or {@code DEADLINE_EXCEEDED} when it may succeed later
     */
    synchronized DeployOutcome deploy(AgentAddress caller, DeployOrder order) throws InterruptedException {
        check(order);
        epochs.enter(order.deployer(), order.epoch());
        try {
            Map<String, Map<String, List<String>>> former = configurations.stored(order.symbolicName());
            boolean configured = former.equals(order.configuration());
            boolean running = plugins.isRunning(order.symbolicName(), order.digest());
            if (running && configured) {
                return new DeployOutcome(true, false, "");
            }
            log.enter("plugin.deployed", caller, order.symbolicName(), Map.of("sha256", order.digest()));
            Duration trial = Duration.ofSeconds(order.healthSeconds());
            Configured change = new Configured(
                    configurations,
                    order.symbolicName(),
                    former,
                    order.configuration(),
                    bundle -> gate.watch(bundle, trial));
            return running ? configure(order, change) : install(caller, order, change);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DeployOutcome configure(DeployOrder order, Configured change) throws IOException {
        try {
            plugins.adjust(order.symbolicName(), change);
            return new DeployOutcome(true, true, "");
        } catch (FactoryException e) {
            return outcome(e);
        }
    }

    private DeployOutcome install(AgentAddress caller, DeployOrder order, Configured change)
            throws IOException, InterruptedException {
        Path jar = fetch(caller, order.digest());
        try {
            PluginInfo deployed = plugins.deploy(jar, order.symbolicName(), order.signers(), change);
            return new DeployOutcome(deployed.digest().equals(order.digest()), true, "");
        } catch (FactoryException e) {
            return outcome(e);
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    /** Removes a plugin that was deployed; what came with the feature is there again afterwards. */
    synchronized WithdrawOutcome withdraw(AgentAddress caller, WithdrawOrder order) {
        epochs.enter(order.deployer(), order.epoch());
        Optional<PluginInfo> present = plugins.list().stream()
                .filter(plugin -> plugin.symbolicName().equals(order.symbolicName()) && plugin.deployed())
                .findFirst();
        if (present.isPresent()) {
            log.enter("plugin.undeployed", caller, order.symbolicName(), Map.of());
            plugins.undeploy(order.symbolicName());
            return new WithdrawOutcome(true);
        }
        return new WithdrawOutcome(unconfigure(caller, order.symbolicName()));
    }

    /** A plugin that came with the feature stays, without what it was configured with. */
    private boolean unconfigure(AgentAddress caller, String symbolicName) {
        try {
            Map<String, Map<String, List<String>>> former = configurations.stored(symbolicName);
            if (former.isEmpty()) {
                return false;
            }
            log.enter("plugin.undeployed", caller, symbolicName, Map.of());
            plugins.adjust(
                    symbolicName, new Configured(configurations, symbolicName, former, Map.of(), bundle -> List.of()));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path fetch(AgentAddress caller, String digest) throws IOException, InterruptedException {
        @Nullable AgentFiles present = files;
        if (present == null) {
            throw new FactoryException(ErrorCode.OVERLOADED, "This agent cannot fetch files at present.");
        }
        Path jar = Files.createDirectories(cache).resolve(digest + ".jar");
        present.fetch(caller, DeployOrder.SHARE, digest, jar, digest, FETCH);
        return jar;
    }

    /** What may be otherwise another time is no outcome. */
    private static DeployOutcome outcome(FactoryException failure) {
        if (failure.code() == ErrorCode.OVERLOADED) {
            throw failure;
        }
        return new DeployOutcome(false, false, String.valueOf(failure.getMessage()));
    }

    private static void check(DeployOrder order) {
        if (!DIGEST.matcher(order.digest()).matches()) {
            throw invalid("digest", "64 lower-case hex digits");
        }
        if (order.healthSeconds() < 0 || order.healthSeconds() > LONGEST_TRIAL) {
            throw invalid("health_seconds", "0 to " + LONGEST_TRIAL);
        }
    }

    private static FactoryException invalid(String name, String expected) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, name, "Invalid '" + name + "': expected " + expected + ".");
    }
}
