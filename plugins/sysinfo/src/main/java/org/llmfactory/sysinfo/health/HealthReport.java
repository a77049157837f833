package org.llmfactory.sysinfo.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.felix.hc.api.Result;
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

    /**
     * What the checks say together.
     *
     * @param expected names of checks; one that is not there says nothing good of the agent
     */
    static HealthReport of(List<HealthCheckExecutionResult> results, List<String> expected) {
        List<Check> checks = new ArrayList<>(results.stream()
                .map(result -> new Check(
                        result.getHealthCheckMetadata().getTitle(),
                        name(result.getHealthCheckResult().getStatus())))
                .toList());
        List<String> present = checks.stream().map(Check::name).toList();
        expected.stream()
                .filter(name -> !present.contains(name))
                .forEach(name -> checks.add(new Check(name, name(Result.Status.TEMPORARILY_UNAVAILABLE))));
        boolean failing = checks.stream()
                .anyMatch(
                        check -> !(check.status().equals("ok") || check.status().equals("warn")));
        return new HealthReport(failing ? "failing" : "ok", checks);
    }

    private static String name(Result.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    boolean isOk() {
        return status.equals("ok");
    }
}
