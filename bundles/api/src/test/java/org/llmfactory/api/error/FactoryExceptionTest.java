package org.llmfactory.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FactoryExceptionTest {
    @Test
    void headersComeBesideWhatIsKnownAlready() {
        FactoryException failure =
                FactoryException.retryLater(ErrorCode.RATE_LIMITED, Duration.ofSeconds(3), "Too many.");
        Map<String, String> headers = new HashMap<>(Map.of("x-left", "0"));

        FactoryException told = failure.withHeaders(headers);
        headers.clear();

        assertThat(failure.headers()).isEmpty();
        assertThat(told.headers()).containsExactly(Map.entry("x-left", "0"));
        assertThat(told).hasMessage("Too many.");
        assertThat(told.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(told.retryAfter()).contains(Duration.ofSeconds(3));
    }
}
