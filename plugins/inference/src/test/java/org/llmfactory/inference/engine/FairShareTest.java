package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FairShareTest {
    private final FairShare share = new FairShare();

    @Test
    void serviceAddsUp() {
        share.enter("a");
        share.charge("a", 10);
        share.charge("a", 5);

        assertThat(share.service("a")).isEqualTo(15);
    }

    @Test
    void aNewcomerStartsWithWhatThosePresentHadInTheMean() {
        share.enter("a");
        share.enter("b");
        share.charge("a", 100);
        share.charge("b", 60);

        share.enter("c");

        assertThat(share.service("c")).isEqualTo(80);
    }

    @Test
    void anEndlessRowOfNewcomersCatchesUpWithAnOldTenant() {
        share.enter("old");
        share.charge("old", 100);
        share.enter("new-0");
        for (int i = 1; i < 50; i++) {
            share.charge("new-" + (i - 1), 10);
            share.enter("new-" + i);
            share.leave("new-" + (i - 1));
        }

        assertThat(share.service("new-49")).isGreaterThan(share.service("old"));
    }

    @Test
    void idlenessIsNoCredit() {
        share.enter("idle");
        share.charge("idle", 5);
        share.leave("idle");
        share.enter("busy");
        share.charge("busy", 500);

        share.enter("idle");

        assertThat(share.service("idle")).isEqualTo(505);
    }

    @Test
    void aPauseDoesNotWipeOutWhatATenantHadMoreThanOthers() {
        share.enter("greedy");
        share.enter("modest");
        share.charge("greedy", 1000);
        share.charge("modest", 10);
        share.leave("greedy");

        share.enter("greedy");

        assertThat(share.service("greedy")).isEqualTo(1000);
    }

    @Test
    void oneOfSeveralSequencesLeavingKeepsTheTenantPresent() {
        share.enter("a");
        share.enter("a");
        share.charge("a", 7);
        share.leave("a");

        share.enter("b");

        assertThat(share.service("b")).isEqualTo(7);
    }

    @Test
    void aTenantThatIsNotHereCannotBeCharged() {
        assertThatThrownBy(() -> share.charge("nobody", 1)).isInstanceOf(IllegalStateException.class);
    }
}
