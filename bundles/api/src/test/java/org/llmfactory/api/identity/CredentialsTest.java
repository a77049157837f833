package org.llmfactory.api.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CredentialsTest {
    private final Locale usual = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(usual);
    }

    private static Credentials of(String key, String session) {
        return new Credentials(
                Optional.of(key),
                Optional.of(session),
                Optional.of("Token"),
                false,
                "127.0.0.1",
                Optional.of("https://App.example"),
                Optional.of("proj_A"));
    }

    @Test
    void caseOfAKeyOrSessionDoesNotMatter() {
        assertThat(of("SK-Proj-0aBF", "0F1e")).isEqualTo(of("sk-proj-0abf", "0f1E"));
        assertThat(Credentials.ofKey("SK-Proj-0aBF").apiKey()).contains("sk-proj-0abf");
    }

    @Test
    void caseOfEverythingElseDoes() {
        Credentials credentials = of("k", "s");

        assertThat(credentials.csrfToken()).contains("Token");
        assertThat(credentials.origin()).contains("https://App.example");
        assertThat(credentials.project()).contains("proj_A");
    }

    @Test
    void caseIsTheSameInEveryCountry() {
        Locale.setDefault(Locale.forLanguageTag("tr"));

        assertThat(Credentials.folded("SK-ADMIN-I")).isEqualTo("sk-admin-i");
    }

    @Test
    void nothingIsToldOfWhatIsHeld() {
        assertThat(of("sk-proj-0", "0f1e").toString())
                .doesNotContain("sk-proj-0")
                .doesNotContain("0f1e");
    }
}
