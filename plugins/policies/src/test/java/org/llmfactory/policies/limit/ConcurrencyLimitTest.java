package org.llmfactory.policies.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class ConcurrencyLimitTest {
    private final ConcurrencyLimit limit = new ConcurrencyLimit();

    @Test
    void whoComesWhenAllPlacesAreTakenIsRefusedAtOnce() {
        limit.enter("proj_one", 2);
        limit.enter("proj_one", 2);

        assertThatThrownBy(() -> limit.enter("proj_one", 2)).isInstanceOfSatisfying(FactoryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
        });
        assertThat(limit.taken("proj_one")).isEqualTo(2);
    }

    @Test
    void otherProjectsHaveTheirOwnPlaces() {
        limit.enter("proj_one", 1);

        limit.enter("proj_two", 1);
    }

    @Test
    void aPlaceIsGivenUpOnce() {
        limit.enter("proj_one", 2);
        ConcurrencyLimit.Place place = limit.enter("proj_one", 2);
        place.leave();
        place.leave();

        assertThat(limit.taken("proj_one")).isEqualTo(1);
        limit.enter("proj_one", 2);
    }
}
