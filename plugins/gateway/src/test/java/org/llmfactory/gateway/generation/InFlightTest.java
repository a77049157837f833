package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;

final class InFlightTest {
    private final InFlight inFlight = new InFlight();

    @Test
    void drainingWaitsForWhatIsInFlight() throws Exception {
        inFlight.enter();
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> drain(Duration.ofSeconds(10)));
        assertThat(drained).isNotDone();

        inFlight.exit();

        assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void drainingGivesUpAtItsDeadline() {
        inFlight.enter();

        assertThat(drain(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void nothingIsTakenWhileDrainingUntilResumed() {
        drain(Duration.ofMillis(1));
        assertThatThrownBy(inFlight::enter)
                .isInstanceOf(FactoryException.class)
                .satisfies(failure ->
                        assertThat(((FactoryException) failure).retryAfter()).contains(Duration.ofSeconds(1)));

        inFlight.resume();
        inFlight.enter();

        assertThat(inFlight.count()).isEqualTo(1);
    }

    private boolean drain(Duration deadline) {
        try {
            return inFlight.drain(deadline);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
