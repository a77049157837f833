package org.llmfactory.auth.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecretsTest {
    @Test
    void secretHas64DigitsInOneCase() {
        assertThat(Secrets.secret()).matches("[0-9a-f]{64}").isNotEqualTo(Secrets.secret());
    }

    /** Base64 writes three characters as four, each three apart from their neighbours. */
    @Test
    void basicAuthenticationTellsSecretsApartWithoutRegardToCaseToo() {
        String digits = "0123456789abcdef";
        Map<String, String> known = new HashMap<>();
        for (int i = 0; i < 4096; i++) {
            String three = "" + digits.charAt(i >> 8) + digits.charAt(i >> 4 & 15) + digits.charAt(i & 15);
            String sent = Base64.getEncoder().encodeToString(three.getBytes(US_ASCII));
            assertThat(known.put(sent.toLowerCase(Locale.ROOT), three)).isNull();
        }
    }
}
