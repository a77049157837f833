package org.llmfactory.agent.deployment;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckMetadata;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.osgi.framework.ServiceReference;

/** One health check that says what the test says. */
final class ScriptedHealth implements HealthCheckExecutor {
    /** What it says the next times; the last is said for ever. */
    private final List<Result.Status> said = new ArrayList<>(List.of(Result.Status.OK));

    private final List<String> tags = new ArrayList<>();

    void says(Result.Status... statuses) {
        said.clear();
        said.addAll(List.of(statuses));
    }

    /** The tags that were asked for last. */
    List<String> tags() {
        return List.copyOf(tags);
    }

    @Override
    public List<HealthCheckExecutionResult> execute(HealthCheckSelector selector) {
        return execute(selector, new HealthCheckExecutionOptions());
    }

    @Override
    public List<HealthCheckExecutionResult> execute(HealthCheckSelector selector, HealthCheckExecutionOptions options) {
        tags.clear();
        tags.addAll(List.of(selector.tags()));
        Result.Status status = said.size() > 1 ? said.remove(0) : said.get(0);
        return List.of(new Said(new Result(status, "as scripted")));
    }

    private record Said(Result result) implements HealthCheckExecutionResult {
        @Override
        public Result getHealthCheckResult() {
            return result;
        }

        @Override
        public long getElapsedTimeInMs() {
            return 0;
        }

        @Override
        @SuppressWarnings("JavaUtilDate") // the interface's
        public Date getFinishedAt() {
            return new Date();
        }

        @Override
        public boolean hasTimedOut() {
            return false;
        }

        @Override
        public HealthCheckMetadata getHealthCheckMetadata() {
            return new HealthCheckMetadata(TestServices.reference(HealthCheck.NAME, "Scripted"));
        }
    }

    /** Service references with one property. */
    static final class TestServices {
        private TestServices() {}

        static ServiceReference<?> reference(String name, String value) {
            return (ServiceReference<?>) java.lang.reflect.Proxy.newProxyInstance(
                    ServiceReference.class.getClassLoader(),
                    new Class<?>[] {ServiceReference.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getProperty" ->
                            Map.of(name, value, "service.id", 1L).get(arguments[0]);
                        case "getPropertyKeys" -> new String[] {name, "service.id"};
                        default -> null;
                    });
        }
    }
}
