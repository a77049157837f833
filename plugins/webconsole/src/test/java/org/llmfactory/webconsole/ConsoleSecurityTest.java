package org.llmfactory.webconsole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ConsoleSecurityTest {
    @Test
    void theKeyIsABrowsersPasswordWhateverTheUserName() {
        assertThat(ConsoleSecurity.key("Basic " + encoded("anybody:key:with:colons")))
                .contains("key:with:colons");
    }

    @Test
    void theKeyIsABearerToken() {
        assertThat(ConsoleSecurity.key("bearer key")).contains("key");
    }

    @Test
    void anythingElseIsNoKey() {
        assertThat(ConsoleSecurity.key(null)).isEmpty();
        assertThat(ConsoleSecurity.key("Basic")).isEmpty();
        assertThat(ConsoleSecurity.key("Basic %%%")).isEmpty();
        assertThat(ConsoleSecurity.key("Digest " + encoded("a:b"))).isEmpty();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
