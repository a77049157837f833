package org.llmfactory.bench.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;

class MeasuresTest {
    @Test
    void percentilesAreByNearestRank() {
        long[] nanos = LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1000).toArray();

        assertThat(Latencies.of(nanos)).isEqualTo(new Latencies(200, 100, 190, 198, 200));
    }

    @Test
    void theFirstMessageStartsTheClock() {
        Meter meter = new Meter();
        meter.arrived(1_000_000_000L);
        meter.arrived(2_000_000_000L);
        meter.arrived(3_000_000_000L);

        assertThat(meter.throughput(1_000_000)).isEqualTo(new Throughput(3, 3_000_000, 2, 1));
    }

    @Test
    void whatHasNotComeHasNoRate() {
        assertThat(new Meter().throughput(100)).isEqualTo(new Throughput(0, 0, 0, 0));
    }

    @Test
    void anOrderIsReadAsItWasWritten() {
        Order order = new Order(1000, 100, 30);

        assertThat(Order.of(order.encoded())).isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource({"0, 100, 30", "1, 7, 30", "1, 65537, 30", "1, 100, -1", "1, 100, 1001"})
    void anOrderHasBounds(int messages, int size, int perSecond) {
        assertThatThrownBy(() -> new Order(messages, size, perSecond)).isInstanceOf(FactoryException.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 16", "16, 16", "32, 8", "1000, 1"})
    void theBareLinkHasNoMoreUnderWayThanThereIsRoomFor(int streams, int window) {
        LinkSendAction.Frames frames =
                LinkSendAction.Frames.of(new Transfer(AgentAddress.parse("shared/n"), streams, 10, 65536));

        assertThat(frames).isEqualTo(new LinkSendAction.Frames(streams, 10, 65583, window));
    }
}
