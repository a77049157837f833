package org.llmfactory.dataplane.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;

class ReadyQueueTest {
    private static final FrameSource BULK = new NamedSource("bulk");
    private static final FrameSource OTHER_BULK = new NamedSource("other");
    private static final FrameSource TOKENS = new NamedSource("tokens");

    private final ReadyQueue queue = new ReadyQueue();

    private record NamedSource(String name) implements FrameSource {
        @Override
        public AgentAddress peer() {
            return AgentAddress.parse("shared/node");
        }

        @Override
        public byte[] nextFrame() {
            return new byte[0];
        }

        @Override
        public boolean queue() {
            return true;
        }

        @Override
        public void unqueue() {}
    }

    @Test
    void whoHasJustBecomeReadyGoesBeforeThoseWhoHaveHadATurn() throws Exception {
        queue.addAgain(BULK);
        queue.addAgain(OTHER_BULK);
        queue.add(TOKENS);

        assertThat(queue.take()).isSameAs(TOKENS);
        assertThat(queue.take()).isSameAs(BULK);
        assertThat(queue.take()).isSameAs(OTHER_BULK);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void thoseWhoHaveHadATurnGetTheirShareAllTheSame() throws Exception {
        queue.addAgain(BULK);
        int before = 0;
        do {
            queue.add(TOKENS);
            before++;
        } while (queue.take() != BULK);

        assertThat(before).isBetween(2, 100);
    }
}
