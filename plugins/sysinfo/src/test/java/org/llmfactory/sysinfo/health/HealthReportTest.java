package org.llmfactory.sysinfo.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Date;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckMetadata;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

class HealthReportTest {
    @Test
    void anAgentWhoseChecksAreNotThereYetIsNotHealthy() {
        HealthReport report = HealthReport.of(List.of(result("disk", Result.Status.OK)), List.of("disk", "Start"));

        assertThat(report.isOk()).isFalse();
        assertThat(report.checks())
                .containsExactly(
                        new HealthReport.Check("disk", "ok"),
                        new HealthReport.Check("Start", "temporarily_unavailable"));
    }

    @Test
    void anAgentWithAllItsChecksIsHealthy() {
        HealthReport report = HealthReport.of(
                List.of(result("disk", Result.Status.OK), result("Start", Result.Status.OK)), List.of("Start"));

        assertThat(report.isOk()).isTrue();
        assertThat(report.checks()).hasSize(2);
    }

    @Test
    void aWarningIsNoFailure() {
        HealthReport report = HealthReport.of(List.of(result("disk", Result.Status.WARN)), List.of());

        assertThat(report.isOk()).isTrue();
        assertThat(report.checks()).containsExactly(new HealthReport.Check("disk", "warn"));
    }

    @Test
    void oneCriticalCheckMakesTheAgentFail() {
        HealthReport report = HealthReport.of(
                List.of(result("disk", Result.Status.OK), result("heap", Result.Status.CRITICAL)), List.of());

        assertThat(report.status()).isEqualTo("failing");
    }

    private static HealthCheckExecutionResult result(String name, Result.Status status) {
        return new FixedResult(new HealthCheckMetadata(new NamedReference(name)), new Result(status, name));
    }

    private record FixedResult(HealthCheckMetadata metadata, Result result) implements HealthCheckExecutionResult {
        @Override
        public Result getHealthCheckResult() {
            return result;
        }

        @Override
        public long getElapsedTimeInMs() {
            return 0;
        }

        @Override
        @SuppressWarnings("JavaUtilDate") // the health check interface has it
        public Date getFinishedAt() {
            return new Date(0);
        }

        @Override
        public boolean hasTimedOut() {
            return false;
        }

        @Override
        public HealthCheckMetadata getHealthCheckMetadata() {
            return metadata;
        }
    }

    /** A service reference that has nothing but a name. */
    private record NamedReference(String name) implements ServiceReference<Object> {
        @Override
        public Object getProperty(String key) {
            return switch (key) {
                case "hc.name" -> name;
                case Constants.SERVICE_ID -> 1L;
                default -> null;
            };
        }

        @Override
        public String[] getPropertyKeys() {
            return new String[] {"hc.name"};
        }

        @Override
        public Bundle getBundle() {
            return null;
        }

        @Override
        public Bundle[] getUsingBundles() {
            return new Bundle[0];
        }

        @Override
        public boolean isAssignableTo(Bundle bundle, String className) {
            return true;
        }

        @Override
        public int compareTo(Object other) {
            return 0;
        }

        @Override
        @SuppressWarnings("JdkObsolete") // the framework's interface has it
        public Dictionary<String, Object> getProperties() {
            return new Hashtable<>();
        }

        @Override
        public <A> A adapt(Class<A> type) {
            return null;
        }
    }
}
