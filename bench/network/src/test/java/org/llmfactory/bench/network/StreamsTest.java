package org.llmfactory.bench.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.messaging.control.ActionInfos;

class StreamsTest {
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");
    private static final AgentAddress NODE = AgentAddress.parse("shared/node");

    private final InMemoryDataPlane network = new InMemoryDataPlane();
    private final PacedService paced = new PacedService();
    private StreamsAction streams;
    private TokensAction tokens;

    @BeforeEach
    void offer() {
        network.offer(NODE, new SourceService());
        network.offer(NODE, paced);
        streams = new StreamsAction(network.of(CONTROLLER));
        tokens = new TokensAction(network.of(CONTROLLER));
    }

    @AfterEach
    void stop() {
        paced.stop();
        network.close();
    }

    @Test
    void allThatWasOrderedArrives() throws Exception {
        Throughput throughput = streams.perform(CONTROLLER, new Transfer(NODE, 3, 50, 1000));

        assertThat(throughput.messages()).isEqualTo(150);
        assertThat(throughput.bytes()).isEqualTo(150_000);
        assertThat(throughput.megabytesPerSecond()).isPositive();
    }

    @Test
    void tokensAreTimedAfterTheWarmUp() throws Exception {
        Latencies latencies = tokens.perform(CONTROLLER, new TokensAction.Tokens(NODE, 2, 50, 1, 100));

        assertThat(latencies.count()).isEqualTo(100);
        assertThat(latencies.p50Micros()).isPositive().isLessThanOrEqualTo(latencies.maxMicros());
    }

    @Test
    void everyActionDescribesItself() {
        try (InMemoryControlPlane calls = new InMemoryControlPlane()) {
            assertThat(ActionInfos.describe(new CallsAction(calls.of(CONTROLLER)))
                            .name())
                    .isEqualTo("bench.calls");
        }
        assertThat(ActionInfos.describe(streams).name()).isEqualTo("bench.streams");
        assertThat(ActionInfos.describe(tokens).name()).isEqualTo("bench.tokens");
    }
}
