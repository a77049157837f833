package org.llmfactory.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.agent.traffic.Traffic.Closure;
import org.llmfactory.agent.traffic.Traffic.Passage;

@Timeout(20)
class TrafficTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    private final RouteTable routes = new RouteTable();
    private final Traffic traffic = new Traffic(routes);

    @BeforeEach
    void routesOfTwoPlugins() {
        routes.add("gateway", "gateway", Map.of("osgi.jaxrs.application.base", "/"));
        routes.add("registry", "registry", Map.of("osgi.jaxrs.application.base", "/v1/adapters"));
    }

    @Test
    void requestsAreCountedForTheBundleWithTheLongestMatchingPath() throws Exception {
        Passage chat = traffic.enter("/v1/chat/completions", LONG);
        traffic.enter("/v1/adapters/a", LONG).close();

        assertThat(traffic.atWork("gateway")).isEqualTo(1);
        assertThat(traffic.atWork("registry")).isZero();
        chat.close();
        assertThat(traffic.atWork("gateway")).isZero();
    }

    @Test
    void aPathThatOnlyBeginsLikeAnotherIsAnotherPath() throws Exception {
        Passage passage = traffic.enter("/v1/adapters-old", LONG);

        assertThat(traffic.atWork("gateway")).isEqualTo(1);
        passage.close();
    }

    @Test
    void aClosedBundleHoldsRequestsUntilItIsOpenedThoughItsRoutesAreGone() throws Exception {
        Closure closure = traffic.close(Set.of("registry"));
        routes.remove("registry");
        CompletableFuture<Passage> held = enterElsewhere("/v1/adapters/a");
        assertThat(traffic.enter("/v1/models", LONG)).isNotNull();
        assertThat(held).isNotDone();

        routes.add("registry", "registry", Map.of("osgi.jaxrs.application.base", "/v1/adapters"));
        closure.close();

        assertThat(held.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(traffic.atWork("registry")).isEqualTo(1);
    }

    @Test
    void closingABundleAtTheRootLeavesLongerPathsOpen() throws Exception {
        Closure closure = traffic.close(Set.of("gateway"));

        traffic.enter("/v1/adapters", LONG).close();
        CompletableFuture<Passage> held = enterElsewhere("/v1/chat/completions");

        assertThat(held).isNotDone();
        closure.close();
        held.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void idleIsReachedWhenTheLastRequestLeaves() throws Exception {
        Passage passage = traffic.enter("/v1/models", LONG);
        Closure closure = traffic.close(Set.of("gateway"));
        assertThat(closure.awaitIdle(Duration.ZERO)).isFalse();

        passage.close();

        assertThat(closure.awaitIdle(LONG)).isTrue();
        closure.close();
    }

    @Test
    void patienceEndsAWait() throws Exception {
        Closure closure = traffic.close(Set.of("gateway"));

        assertThat(traffic.enter("/v1/models", Duration.ofMillis(1))).isNotNull();
        closure.close();
    }

    private CompletableFuture<Passage> enterElsewhere(String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return traffic.enter(path, LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
