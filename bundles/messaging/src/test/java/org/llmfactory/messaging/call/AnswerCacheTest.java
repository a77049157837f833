package org.llmfactory.messaging.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.testing.SettableClock;

class AnswerCacheTest {
    private static final AgentAddress ONE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress TWO = AgentAddress.parse("shared/node-2");

    private final SettableClock clock = new SettableClock();
    private final AnswerCache cache = new AnswerCache(clock);

    @Test
    void aCallIsNewThenRunningThenAnswered() {
        UUID call = UUID.randomUUID();
        assertThat(begin(ONE, call)).isEqualTo(AnswerCache.State.NEW);
        assertThat(begin(ONE, call)).isEqualTo(AnswerCache.State.RUNNING);
        Answer answer = answer(ONE, call, 10);
        assertThat(begin(ONE, call)).isEqualTo(AnswerCache.State.ANSWERED);
        assertThat(cache.answer(ONE, call)).containsSame(answer);
    }

    @Test
    void nobodyGetsAnotherOnesAnswer() {
        UUID call = UUID.randomUUID();
        begin(ONE, call);
        answer(ONE, call, 10);
        assertThat(begin(TWO, call)).isEqualTo(AnswerCache.State.NEW);
        assertThat(cache.answer(TWO, call)).isEmpty();
    }

    @Test
    void anAbandonedCallMayComeAgain() {
        UUID call = UUID.randomUUID();
        begin(ONE, call);
        cache.abandon(ONE, call);
        assertThat(begin(ONE, call)).isEqualTo(AnswerCache.State.NEW);
    }

    @Test
    void theOldestAnswersGoWhenThereAreTooManyBytes() {
        UUID running = UUID.randomUUID();
        begin(ONE, running);
        List<UUID> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(UUID.randomUUID());
            begin(ONE, calls.get(i));
            answer(ONE, calls.get(i), 1 << 20);
        }
        assertThat(cache.answer(ONE, calls.get(0))).isEmpty();
        assertThat(cache.answer(ONE, calls.get(19))).isPresent();
        assertThat(begin(ONE, running)).isEqualTo(AnswerCache.State.RUNNING);
    }

    @Test
    void anAnswerGoesWithItsTime() {
        UUID call = UUID.randomUUID();
        begin(ONE, call);
        answer(ONE, call, 10);
        clock.advance(Duration.ofMinutes(2));
        begin(ONE, UUID.randomUUID());
        assertThat(cache.answer(ONE, call)).isEmpty();
    }

    private AnswerCache.State begin(AgentAddress caller, UUID call) {
        return cache.begin(caller, call, clock.instant().plusSeconds(60));
    }

    private Answer answer(AgentAddress caller, UUID call, int size) {
        Answer answer = new Answer(false, new byte[size]);
        cache.answered(caller, call, clock.instant().plusSeconds(60), answer);
        return answer;
    }
}
