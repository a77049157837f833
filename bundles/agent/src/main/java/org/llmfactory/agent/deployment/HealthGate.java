package org.llmfactory.agent.deployment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.llmfactory.agent.plugin.BundleReadiness;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Says whether a plugin is well: all its components are satisfied, and the health checks tagged with its symbolic name or
 * {@value #TAG} are; a warning is no fault. It must become so in time, and then stay so. Where nothing but a check says that it
 * is temporarily unavailable, as while a model is loaded, it is given more time.
 */
@Component(service = HealthGate.class)
@Designate(ocd = HealthGate.Config.class)
public final class HealthGate {
    static final String TAG = "plugin";
    private static final Duration STEP = Duration.ofMillis(200);
    private static final int CHECK_MILLIS = 5_000;

    /** How patient the gate is. */
    @ObjectClassDefinition(name = "Health gate of deployments")
    public @interface Config {
        /** How long a plugin may take until it is well for the first time. */
        @AttributeDefinition(name = "Warm-up (seconds)")
        int warmUpSeconds() default 30;

        /** The same, where all that is wrong is said to pass. */
        @AttributeDefinition(name = "Loading (seconds)")
        int loadingSeconds() default 300;
    }

    /**
     * What is wrong.
     *
     * @param passing whether all of it is said to pass
     */
    private record Faults(List<String> texts, boolean passing) {}

    private final BundleReadiness readiness;
    private final HealthCheckExecutor checks;
    private final Duration warmUp;
    private final Duration loading;

    @Activate
    public HealthGate(@Reference BundleReadiness readiness, @Reference HealthCheckExecutor checks, Config config) {
        this(
                readiness,
                checks,
                Duration.ofSeconds(config.warmUpSeconds()),
                Duration.ofSeconds(config.loadingSeconds()));
    }

    HealthGate(BundleReadiness readiness, HealthCheckExecutor checks, Duration warmUp, Duration loading) {
        this.readiness = readiness;
        this.checks = checks;
        this.warmUp = warmUp;
        this.loading = loading;
    }

    /**
     * Watches a plugin.
     *
     * @param trial for how long it must be well without a break
     * @return what is wrong with it; empty when it passed
     */
    List<String> watch(Bundle bundle, Duration trial) throws InterruptedException {
        List<String> faults = awaitWell(bundle);
        long end = System.nanoTime() + trial.toNanos();
        while (faults.isEmpty() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.sleep(Math.min(STEP.toNanos(), Math.max(0, end - System.nanoTime())));
            faults = faults(bundle).texts();
        }
        return faults;
    }

    private List<String> awaitWell(Bundle bundle) throws InterruptedException {
        long begin = System.nanoTime();
        Faults faults = faults(bundle);
        while (!faults.texts().isEmpty()
                && System.nanoTime() - begin < patience(faults).toNanos()) {
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
            faults = faults(bundle);
        }
        return faults.texts();
    }

    private Duration patience(Faults faults) {
        return faults.passing() ? loading : warmUp;
    }

    private Faults faults(Bundle bundle) {
        List<String> faults = new ArrayList<>();
        if (bundle.getState() != Bundle.ACTIVE) {
            faults.add("it does not run any more");
        }
        faults.addAll(readiness.missing(bundle));
        boolean passing = faults.isEmpty();
        HealthCheckExecutionOptions options = new HealthCheckExecutionOptions()
                .setCombineTagsWithOr(true)
                .setForceInstantExecution(true)
                .setOverrideGlobalTimeout(CHECK_MILLIS);
        for (HealthCheckExecutionResult result :
                checks.execute(HealthCheckSelector.tags(bundle.getSymbolicName(), TAG), options)) {
            Result.Status status = result.getHealthCheckResult().getStatus();
            if (status != Result.Status.OK && status != Result.Status.WARN) {
                faults.add(
                        "the health check '" + result.getHealthCheckMetadata().getTitle() + "' says " + status);
                passing &= status == Result.Status.TEMPORARILY_UNAVAILABLE;
            }
        }
        return new Faults(faults, passing);
    }
}
