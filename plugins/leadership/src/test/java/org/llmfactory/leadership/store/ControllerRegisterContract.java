package org.llmfactory.leadership.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.database.Database;
import org.llmfactory.leadership.election.View;

/** The register, on any database. */
abstract class ControllerRegisterContract {
    private static final AgentAddress FIRST = AgentAddress.parse("platform/c1");
    private static final AgentAddress SECOND = AgentAddress.parse("platform/c2");
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    abstract Database database();

    private ControllerRegister register() {
        return new ControllerRegister(database().open("leadership", ControllerRegister.class));
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(register().read()).isEqualTo(View.NONE);
        assertThat(register().entries()).isEmpty();
    }

    @Test
    void everyChangeTakesTheNextVersion() {
        ControllerRegister register = register();

        assertThat(register.add(FIRST, NOW, 0)).isTrue();
        assertThat(register.add(SECOND, NOW, 1)).isTrue();
        assertThat(register.remove(FIRST, 2, () -> {})).isTrue();

        assertThat(register.read()).isEqualTo(new View(3, Set.of(SECOND), 0, Optional.empty()));
        assertThat(register.entries()).containsExactly(new ControllerRegister.Entry(SECOND, NOW));
    }

    @Test
    void aChangeOfAnOlderVersionDoesNotHappen() {
        ControllerRegister register = register();
        register.add(FIRST, NOW, 0);

        assertThat(register.add(SECOND, NOW, 0)).isFalse();
        assertThat(register.remove(FIRST, 0, () -> {})).isFalse();

        assertThat(register.read().members()).containsExactly(FIRST);
    }

    @Test
    void anEpochIsClaimedOnceAndNoneThatIsOlder() {
        ControllerRegister register = register();
        register.add(FIRST, NOW, 0);

        assertThat(register.claim(FIRST, 5, 1, () -> {})).isTrue();
        assertThat(register.claim(SECOND, 5, 1, () -> {})).isFalse();
        assertThat(register.claim(SECOND, 4, 1, () -> {})).isFalse();
        assertThat(register.claim(SECOND, 6, 0, () -> {})).isFalse();

        assertThat(register.read()).isEqualTo(new View(1, Set.of(FIRST), 5, Optional.of(FIRST)));
    }

    @Test
    void whatCannotBeEnteredInTheLedgerHasNotHappened() {
        ControllerRegister register = register();
        register.add(FIRST, NOW, 0);
        Runnable failing = () -> {
            throw new IllegalStateException("full");
        };

        assertThatThrownBy(() -> register.claim(FIRST, 5, 1, failing)).hasMessage("full");
        assertThatThrownBy(() -> register.remove(FIRST, 1, failing)).hasMessage("full");

        assertThat(register.read()).isEqualTo(new View(1, Set.of(FIRST), 0, Optional.empty()));
    }

    @Test
    void ofManyWhoClaimAnEpochAtOnceOneGetsIt() throws Exception {
        ControllerRegister register = register();
        register.add(FIRST, NOW, 0);
        CyclicBarrier together = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> claims = List.of("c1", "c2", "c3", "c4").stream()
                    .map(name -> threads.submit(() -> {
                        together.await(10, TimeUnit.SECONDS);
                        return register.claim(new AgentAddress("platform", name), 1, 1, () -> {});
                    }))
                    .toList();

            int granted = 0;
            for (Future<Boolean> claim : claims) {
                granted += claim.get(20, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(granted).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
