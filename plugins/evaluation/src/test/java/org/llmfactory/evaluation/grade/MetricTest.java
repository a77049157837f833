package org.llmfactory.evaluation.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.rest.Json;

/** Against nltk, rouge-score and rapidfuzz: see {@code src/test/fixtures/make_similarities.py}. */
final class MetricTest {
    @ParameterizedTest
    @EnumSource
    void saysWhatTheOthersSay(Metric metric) throws IOException {
        try (InputStream fixture = MetricTest.class.getResourceAsStream("similarities.json")) {
            for (JsonNode pair : Json.MAPPER.readTree(fixture)) {
                double expected =
                        pair.path(metric.name().toLowerCase(Locale.ROOT)).doubleValue();

                assertThat(metric.of(
                                pair.path("text").asText(),
                                pair.path("reference").asText()))
                        .as(pair.path("text").asText())
                        .isCloseTo(expected, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLikeNothing(Metric metric) {
        assertThat(metric.of("", "")).isZero();
        assertThat(metric.of("", "something")).isZero();
        assertThat(metric.of("something", "")).isZero();
    }
}
