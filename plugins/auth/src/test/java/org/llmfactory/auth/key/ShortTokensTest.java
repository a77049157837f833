package org.llmfactory.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llmfactory.auth.store.Pepper;
import org.llmfactory.auth.store.SettableClock;

final class ShortTokensTest {
    private static final String ORIGIN = "https://app.example";

    private final SettableClock clock = new SettableClock();
    private final ShortTokens tokens = new ShortTokens(new Pepper(new byte[32]), clock);

    @Test
    void tokenSaysItsKeyAndOrigin() {
        assertThat(tokens.verify(tokens.issue("key_1", ORIGIN))).hasValueSatisfying(claims -> {
            assertThat(claims.key()).isEqualTo("key_1");
            assertThat(claims.origin()).isEqualTo(ORIGIN);
        });
    }

    @Test
    void noTwoTokensDifferInCaseAlone() {
        assertThat(tokens.issue("key_1", ORIGIN)).matches("tk-[0-9a-f]+\\.[0-9a-f]{64}");
    }

    @Test
    void tokenEndsAfterFiveMinutes() {
        String token = tokens.issue("key_1", ORIGIN);

        clock.pass(Duration.ofSeconds(298));
        assertThat(tokens.verify(token)).isPresent();
        clock.pass(Duration.ofSeconds(2));
        assertThat(tokens.verify(token)).isEmpty();
    }

    @Test
    void changedTokenIsNone() {
        String token = tokens.issue("key_1", ORIGIN);
        String other = tokens.issue("key_2", ORIGIN);
        int dot = token.indexOf('.');

        for (String forged : List.of(
                other.substring(0, other.indexOf('.')) + token.substring(dot),
                token.substring(0, dot),
                token.substring(0, dot + 1),
                token + "x",
                "tk-.",
                "tk-",
                "",
                token.substring(3))) {
            assertThat(tokens.verify(forged)).as(forged).isEmpty();
        }
    }

    @Test
    void tokenOfAnotherPlatformIsNone() {
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;

        assertThat(tokens.verify(new ShortTokens(new Pepper(otherKey), clock).issue("key_1", ORIGIN)))
                .isEmpty();
    }
}
