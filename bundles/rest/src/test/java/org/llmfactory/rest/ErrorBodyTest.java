package org.llmfactory.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class ErrorBodyTest {
    @Test
    void allFourKeysAreThereAndTheCopiesForOldClients() {
        FactoryException failure = FactoryException.ofParameter(ErrorCode.MODEL_NOT_FOUND, "model", "No.");

        assertThat(new String(Json.write(ErrorBody.of(failure)), UTF_8))
                .isEqualTo("{\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\",\"param\":\"model\","
                        + "\"code\":\"model_not_found\"},\"error_message\":\"No.\",\"message\":\"No.\","
                        + "\"type\":\"invalid_request_error\"}");
    }

    @Test
    void nullsAreWritten() {
        assertThat(new String(Json.write(ErrorBody.of(new FactoryException(ErrorCode.INTERNAL, "Oh."))), UTF_8))
                .contains("\"param\":null,\"code\":null");
    }

    @Test
    void retryIsToldInWholeSecondsAndAtLeastOne() {
        assertThat(headers(Duration.ofMillis(1))).containsEntry("Retry-After", "1");
        assertThat(headers(Duration.ofMillis(1001))).containsEntry("Retry-After", "2");
        assertThat(ErrorHeaders.of(new FactoryException(ErrorCode.OVERLOADED, "Full.")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFLICT", "DEADLINE_EXCEEDED", "QUOTA_EXCEEDED"})
    void whatDoesNotPassIsNotRetried(ErrorCode code) {
        assertThat(ErrorHeaders.of(new FactoryException(code, "No."))).containsEntry("x-should-retry", "false");
    }

    @Test
    void headersOfTheFailureAreAmongThem() {
        FactoryException failure = FactoryException.retryLater(ErrorCode.RATE_LIMITED, Duration.ofSeconds(2), "Wait.")
                .withHeaders(Map.of("x-ratelimit-remaining-requests", "0"));

        assertThat(ErrorHeaders.of(failure))
                .containsOnly(Map.entry("x-ratelimit-remaining-requests", "0"), Map.entry("Retry-After", "2"));
    }

    private static Map<String, String> headers(Duration delay) {
        return ErrorHeaders.of(FactoryException.retryLater(ErrorCode.OVERLOADED, delay, "Full."));
    }
}
