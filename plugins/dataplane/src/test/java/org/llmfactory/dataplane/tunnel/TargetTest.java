package org.llmfactory.dataplane.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.FactoryException;

class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5432, 127.0.0.1:5432, true",
        "127.0.0.1:5432, 127.0.0.1:5433, false",
        "127.0.0.1:5432, localhost:5432, false",
        "*:8000-8100, anything:8050, true",
        "*:8000-8100, anything:8101, false",
        "*.example.org:443, a.EXAMPLE.org:443, true",
        "*.example.org:443, example.org:443, false",
        "*.example.org:443, evilexample.org:443, false",
        "[::1]:80, [::1]:80, true",
        "db:*, db:1, true",
        "db:*, db.evil:1, false",
    })
    void aTargetIsAllowedWhereAPatternFits(String pattern, String target, boolean allowed) {
        assertThat(new AllowedTargets(pattern).include(Target.parse(target))).isEqualTo(allowed);
    }

    @Test
    void nothingIsAllowedUnlessConfigured() {
        assertThat(new AllowedTargets().include(Target.parse("127.0.0.1:80"))).isFalse();
        assertThat(new AllowedTargets("").include(Target.parse("127.0.0.1:80"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "host:", ":80", "host:0", "host:65536", "host:-1", "a b:80", "host:80/x", "h:8:0"})
    void whatIsNoHostAndPortIsRefused(String text) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(FactoryException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "host:", "host:x", "host:1-x"})
    void aMalformedPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> new AllowedTargets(pattern)).hasMessageContaining("no pattern");
    }
}
