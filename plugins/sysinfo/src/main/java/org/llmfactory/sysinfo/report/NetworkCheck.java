package org.llmfactory.sysinfo.report;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Membership;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * How this agent stands in its network: whether its controllers can be reached, and how long its certificate lasts. Not
 * tagged {@code live}: an agent that is cut off answers those who reach it.
 */
@Component(
        service = HealthCheck.class,
        property = {HealthCheck.NAME + "=Network", HealthCheck.TAGS + "=network"})
public final class NetworkCheck implements HealthCheck {
    /** Certificates of a day are renewed at two thirds of it, which leaves eight hours; something is wrong after half. */
    private static final Duration SHORT = Duration.ofHours(4);

    private final Membership membership;
    private final Supplier<Map<AgentAddress, Boolean>> controllers;
    private final Clock clock;

    @Activate
    public NetworkCheck(@Reference Membership membership, @Reference ReporterService reporter) {
        this(membership, reporter::reached, Clock.systemUTC());
    }

    NetworkCheck(Membership membership, Supplier<Map<AgentAddress, Boolean>> controllers, Clock clock) {
        this.membership = membership;
        this.controllers = controllers;
        this.clock = clock;
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        log.info("This agent is {} in region {}", membership.self(), membership.region());
        checkControllers(log);
        checkCertificate(log);
        return new Result(log);
    }

    private void checkControllers(FormattingResultLog log) {
        Map<AgentAddress, Boolean> reached = controllers.get();
        reached.forEach((controller, isReached) -> {
            if (isReached) {
                log.info("{} is reached", controller);
            } else {
                log.warn("{} is not reached", controller);
            }
        });
        if (!reached.containsValue(true)) {
            log.critical("No controller is reached: this agent gets no work");
        }
    }

    private void checkCertificate(FormattingResultLog log) {
        Duration left = Duration.between(clock.instant(), membership.expires());
        if (left.isNegative() || left.isZero()) {
            log.critical("The certificate has ended; join the network again with a new token");
        } else if (left.compareTo(SHORT) < 0) {
            log.warn("The certificate ends in {} minutes and has not been renewed", left.toMinutes());
        } else {
            log.info("The certificate lasts for {} minutes", left.toMinutes());
        }
    }
}
