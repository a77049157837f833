package org.llmfactory.sysinfo.health;

import java.util.List;
import java.util.Locale;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;

/**
 * The health of this agent as the outside sees it.
 *
 * @param status {@code ok}, or {@code failing} when one check is
 * @param checks each check's outcome
 */
record HealthReport(String status, List<Check> checks) {
    /**
     * One check.
     *
     * @param name what is checked
     * @param status {@code ok}, {@code warn}, {@code temporarily_unavailable}, {@code critical} or {@code
     *     health_check_error}
     */
    record Check(String name, String status) {}

    HealthReport {
        checks = List.copyOf(checks);
    }

    static HealthReport of(List<HealthCheckExecutionResult> results) {
        List<Check> checks = results.stream()
                .map(result -> new Check(
                        result.getHealthCheckMetadata().getTitle(),
                        result.getHealthCheckResult().getStatus().name().toLowerCase(Locale.ROOT)))
                .toList();
        boolean failing = checks.stream()
                .anyMatch(
                        check -> !(check.status().equals("ok") || check.status().equals("warn")));
        return new HealthReport(failing ? "failing" : "ok", checks);
    }

    boolean isOk() {
        return status.equals("ok");
    }
}
