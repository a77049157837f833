package org.llmfactory.messaging.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.testing.SettableClock;

class ReplayGuardTest {
    private static final AgentAddress ONE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress TWO = AgentAddress.parse("shared/node-2");

    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    @Test
    void whatWasTakenIsNotTakenAgainAfterARestartEither() throws RefusedException {
        UUID id = UUID.randomUUID();
        try (ReplayGuard guard = guard()) {
            take(guard, ONE, id);
            refused(guard, id, Refusal.REPLAYED);
        }
        try (ReplayGuard guard = guard()) {
            refused(guard, id, Refusal.REPLAYED);
            take(guard, ONE, UUID.randomUUID());
        }
    }

    @Test
    void aProcessThatIsKilledForgetsNothing() throws RefusedException {
        UUID id = UUID.randomUUID();
        ReplayGuard killed = guard();
        take(killed, ONE, id);
        try (ReplayGuard guard = guard()) {
            refused(guard, id, Refusal.REPLAYED);
        }
        killed.close();
    }

    @Test
    void anEntryThatWasHalfWrittenIsPassedOver() throws RefusedException, IOException {
        UUID id = UUID.randomUUID();
        try (ReplayGuard guard = guard()) {
            take(guard, ONE, id);
        }
        Files.write(home.resolve("network").resolve(ReplayGuard.FILE), new byte[13], StandardOpenOption.APPEND);
        try (ReplayGuard guard = guard()) {
            refused(guard, id, Refusal.REPLAYED);
        }
    }

    @Test
    void theFileDoesNotGrowForEver() throws RefusedException, IOException {
        try (ReplayGuard guard = guard()) {
            for (int i = 0; i < 20_000; i++) {
                take(guard, ONE, UUID.randomUUID());
                if (i % 100 == 0) {
                    clock.advance(Duration.ofMinutes(2));
                }
            }
        }
        assertThat(Files.size(home.resolve("network").resolve(ReplayGuard.FILE)))
                .isLessThan(24L * 5000);
    }

    @Test
    void oneSenderDoesNotUseUpTheOthersShare() throws RefusedException {
        try (ReplayGuard guard = guard()) {
            for (int i = 0; i < ReplayGuard.MAXIMUM_OF_SENDER; i++) {
                take(guard, ONE, UUID.randomUUID());
            }
            refused(guard, UUID.randomUUID(), Refusal.OVERLOADED);
            take(guard, TWO, UUID.randomUUID());
            clock.advance(Duration.ofMinutes(2));
            take(guard, ONE, UUID.randomUUID());
        }
    }

    private ReplayGuard guard() {
        return new ReplayGuard(new NetworkFolder(home), clock);
    }

    private void take(ReplayGuard guard, AgentAddress sender, UUID id) throws RefusedException {
        guard.take(sender, id, clock.instant().plusSeconds(60));
    }

    private void refused(ReplayGuard guard, UUID id, Refusal reason) {
        assertThatThrownBy(() -> take(guard, ONE, id))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}
