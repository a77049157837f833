package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.torch.internal.DjlProgram;

/** One program runs until a second one tells it to stop. */
class ShutdownTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TorchEngine torch;
    private TorchEngine other;
    private Program program;
    private Program remote;
    private Arena arena;
    private Tensor stop;
    private CompletableFuture<Long> running;

    @BeforeEach
    void startALongCall() {
        torch = TorchEngine.open(TorchOptions.defaults());
        other = TorchEngine.open(TorchOptions.defaults());
        program = torch.load("Sample", Sources.SAMPLE);
        remote = other.load("Sample", Sources.SAMPLE);
        arena = other.newArena();
        Tensor started = arena.zeros(DType.INT64);
        stop = arena.zeros(DType.INT64);
        running = CompletableFuture.supplyAsync(() -> {
            try (Arena results = other.newArena()) {
                return program.callForTensor("wait", results, started, stop).toLongs()[0];
            }
        });
        await().atMost(PATIENCE).until(() -> started.toLongs()[0] == 1);
    }

    @AfterEach
    void close() {
        letItEnd();
        torch.close();
        other.close();
    }

    private void letItEnd() {
        try (Arena results = other.newArena()) {
            remote.call("set", results, stop);
        }
    }

    @Test
    void closingAProgramWaitsForTheRunningCall() throws Exception {
        closingWaits(program::close);
    }

    @Test
    void closingTheEngineWaitsForTheRunningCall() throws Exception {
        closingWaits(torch::close);
    }

    private void closingWaits(Runnable close) throws Exception {
        Thread closing = new Thread(close, "closing");
        closing.start();
        await().atMost(PATIENCE).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        assertThat(running).isNotDone();

        letItEnd();

        assertThat(running.get(30, TimeUnit.SECONDS)).isPositive();
        closing.join(PATIENCE.toMillis());
        assertThat(closing.isAlive()).isFalse();
    }

    @Test
    void closingGivesUpAfterItsPatienceAndFreesNothing() throws Exception {
        assertThatThrownBy(() -> ((DjlProgram) program).close(Duration.ofMillis(1)))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("still runs");

        letItEnd();

        assertThat(running.get(30, TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void closingCannotBeInterruptedWhileACallRuns() throws Exception {
        Thread closing = new Thread(program::close, "closing");
        closing.start();
        closing.interrupt();
        await().atMost(PATIENCE).until(() -> closing.getState() == Thread.State.TIMED_WAITING);

        letItEnd();

        closing.join(PATIENCE.toMillis());
        assertThat(running.get(30, TimeUnit.SECONDS)).isPositive();
    }
}
