package org.llmfactory.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, https://llm.example, llm.example, true",
                "same-origin, -, llm.example, true",
                "-, https://llm.example, llm.example, true",
                "-, http://llm.example:8080, llm.example:8080, true",
                "-, https://llm.example, LLM.example, true",
                "cross-site, https://llm.example, llm.example, false",
                "same-site, https://llm.example, llm.example, false",
                "none, -, llm.example, false",
                "-, -, llm.example, false",
                "-, https://evil.example, llm.example, false",
                "-, https://llm.example.evil.example, llm.example, false",
                "-, https://evilllm.example, llm.example, false",
                "-, null, llm.example, false",
                "-, https://llm.example, -, false",
                "same-origin, https://evil.example, llm.example, false"
            })
    void browserVouchesForAPageOrNot(String site, String origin, String host, boolean own) {
        assertThat(Sessions.isFromOwnPage(site, origin, host)).isEqualTo(own);
    }
}
