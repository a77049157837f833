package org.llmfactory.inference.internal;

import java.util.Comparator;
import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.llmfactory.inference.internal.ModelState.Phase;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Which models are served, and why others are not. A model that cannot be loaded is a warning as long as another one is
 * served; an engine that no longer computes is critical. Tagged with the plugin's name too, so that a new version of it counts
 * as well only when it serves again.
 */
@Component(
        property = {
            HealthCheck.NAME + "=Inference engines",
            HealthCheck.TAGS + "=readiness",
            HealthCheck.TAGS + "=org.llmfactory.inference"
        })
public final class EngineHealthCheck implements HealthCheck {
    private final EngineManager engines;

    @Activate
    public EngineHealthCheck(@Reference EngineManager engines) {
        this.engines = engines;
    }

    @Override
    public Result execute() {
        return report(engines.states());
    }

    static Result report(List<ModelState> states) {
        FormattingResultLog log = new FormattingResultLog();
        if (states.isEmpty()) {
            log.info("No language model is on this agent; pull one with: factory model pull NAME");
        }
        boolean served = states.stream().anyMatch(state -> state.phase() == Phase.READY);
        states.stream().sorted(Comparator.comparing(ModelState::model)).forEach(state -> add(log, state, served));
        return new Result(log);
    }

    private static void add(FormattingResultLog log, ModelState state, boolean served) {
        switch (state.phase()) {
            case READY -> log.info("{} is served", state.model());
            case LOADING -> log.temporarilyUnavailable("{} is loading", state.model());
            case BROKEN -> log.critical("{} fails: {}", state.model(), state.detail());
            case FAILED -> {
                if (served) {
                    log.warn("{} cannot be served: {}", state.model(), state.detail());
                } else {
                    log.critical("{} cannot be served: {}", state.model(), state.detail());
                }
            }
        }
    }
}
