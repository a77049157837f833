package org.llmfactory.trainer.remote.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Call.Action;

final class DeskTest {
    @Test
    void oneObjectIsPutAtATime() throws IOException {
        AtomicInteger threads = new AtomicInteger();
        try (Desk desk = new Desk(new InMemoryObjectStore(), task -> threads.incrementAndGet())) {
            assertThat(desk.call(Call.of(Action.PUT, "a"))).isEmpty();

            assertThatThrownBy(() -> desk.call(Call.of(Action.PUT, "b"))).isInstanceOf(FactoryException.class);
            assertThat(threads).hasValue(1);
        }
    }
}
