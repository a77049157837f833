package org.llmfactory.policies.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.governance.OutputScreen;

final class RuleScreenTest {
    private static final String REDACT_SSN = """
            {"window": 128, "rules": [{"name": "ssn", "on": "output", "action": "redact",
              "pattern": "\\\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\\\b"}]}""";

    private static String screened(String definition, String... pieces) {
        return Policies.feed(Policies.inspection(definition).screen(), List.of(pieces));
    }

    @Test
    void whatIsFoundIsReplacedByTheRulesName() {
        assertThat(screened(REDACT_SSN, "It is 123-45-6789, or 987-65-4321.")).isEqualTo("It is [ssn], or [ssn].");
    }

    @Test
    void whatThePiecesPartIsFound() {
        assertThat(screened(REDACT_SSN, "It is 12", "3-4", "5-67", "89", ".")).isEqualTo("It is [ssn].");
    }

    @Test
    void whatOnlyLooksLikeItWhenCutIsLeft() {
        assertThat(screened(REDACT_SSN, "It is 123-45-6789", "0123-45-6789", "1."))
                .isEqualTo("It is 123-45-67890123-45-67891.");
    }

    @Test
    void textIsGivenOutBeforeTheAnswerEnds() {
        OutputScreen screen = Policies.inspection(REDACT_SSN).screen();

        String given = screen.accept("word ".repeat(100));

        assertThat(given.length()).isBetween(500 - 128 - RuleScreen.STRIDE - 2, 500 - 128);
    }

    @Test
    void aBlockedAnswerEndsBeforeWhatWasFound() {
        Inspection inspection = Policies.inspection("""
                {"rules": [{"name": "bomb", "words": ["bomb"], "action": "block"}]}""");
        OutputScreen screen = inspection.screen();

        assertThat(Policies.feed(screen, List.of("How to build a Bomb: take", " some flour")))
                .isEqualTo("How to build a ");
        assertThat(screen.isBlocked()).isTrue();
        assertThat(inspection.verdict()).isEqualTo(Verdict.BLOCKED);
        assertThat(inspection.rules()).containsExactly("bomb");
    }

    @Test
    void aFlagChangesNothingButTheVerdict() {
        Inspection inspection = Policies.inspection("""
                {"rules": [{"name": "bomb", "words": ["bomb"], "action": "flag"}]}""");

        assertThat(Policies.feed(inspection.screen(), List.of("A bomb."))).isEqualTo("A bomb.");
        assertThat(inspection.verdict()).isEqualTo(Verdict.FLAGGED);
    }

    @Test
    void whatTwoRulesFindInOnePlaceIsReplacedOnce() {
        String definition = """
                {"rules": [
                  {"name": "first", "on": "output", "pattern": "abcd", "action": "redact"},
                  {"name": "second", "on": "output", "pattern": "cdef", "action": "redact"}]}""";

        assertThat(screened(definition, "--abcdef--")).isEqualTo("--[first]--");
    }

    @Test
    void blockingGoesBeforeReplacing() {
        String definition = """
                {"rules": [
                  {"name": "mild", "on": "output", "pattern": "abcd", "action": "redact"},
                  {"name": "hard", "on": "output", "pattern": "cd", "action": "block"}]}""";

        assertThat(screened(definition, "--abcdef--")).isEqualTo("--[mild]");
    }

    @Test
    void aMatchLongerThanTheWindowIsReplacedToItsEnd() {
        String definition = """
                {"window": 128, "rules": [{"name": "x", "on": "output", "pattern": "x+", "action": "redact"}]}""";

        assertThat(screened(definition, "a" + "x".repeat(1000) + "b")).isEqualTo("a[x]b");
    }

    @Test
    void charactersOfTwoHalvesStayWhole() {
        String definition = """
                {"window": 128, "rules": [{"name": "x", "on": "output", "pattern": "x", "action": "redact"}]}""";
        OutputScreen screen = Policies.inspection(definition).screen();
        for (int i = 0; i < 500; i++) {
            String given = screen.accept(i % 3 == 0 ? "a🙂" : "🙂");
            assertThat(given.isEmpty() || !Character.isHighSurrogate(given.charAt(given.length() - 1)))
                    .isTrue();
        }
    }

    /** A language of few characters, so that everything the rules look for comes up, whole, overlapping and cut. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"window": 128, "rules": [
                  {"name": "a", "on": "output", "pattern": "a[bc]{1,40}a", "action": "redact"},
                  {"name": "b", "on": "output", "pattern": "\\\\bcc+\\\\b", "action": "redact"},
                  {"name": "d", "on": "output", "words": ["cab", "ab ba"], "action": "redact"},
                  {"name": "f", "on": "output", "pattern": "b{5}", "action": "flag"}]}""",
                """
                {"window": 128, "rules": [
                  {"name": "a", "on": "output", "pattern": "a.{3,}c$", "action": "redact"},
                  {"name": "b", "on": "output", "pattern": "(?m)^b.*$", "action": "redact"},
                  {"name": "x", "on": "output", "pattern": "cbcbcabab", "action": "block"}]}""",
                """
                {"window": 200, "rules": [
                  {"name": "long", "on": "output", "pattern": "a[^a]*a|🙂.🙂", "action": "redact"},
                  {"name": "x", "on": "output", "words": ["abcabcab"], "action": "block"}]}""",
            })
    void howAnAnswerIsCutChangesNothing(String definition) {
        Random random = new Random(definition.hashCode());
        for (int round = 0; round < 150; round++) {
            String text = randomText(random, random.nextInt(1500));
            Inspection whole = Policies.inspection(definition);
            Inspection cut = Policies.inspection(definition);
            OutputScreen wholeScreen = whole.screen();
            OutputScreen cutScreen = cut.screen();

            String expected = Policies.feed(wholeScreen, List.of(text));
            String given = Policies.feed(cutScreen, pieces(random, text));

            assertThat(given).isEqualTo(expected);
            assertThat(cutScreen.isBlocked()).isEqualTo(wholeScreen.isBlocked());
            assertThat(cut.details()).isEqualTo(whole.details());
        }
    }

    private static String randomText(Random random, int length) {
        String[] alphabet = {"a", "b", "c", "b", "c", " ", "\n", "🙂"};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet[random.nextInt(random.nextInt(4) == 0 ? alphabet.length : 5)]);
        }
        return text.toString();
    }

    private static List<String> pieces(Random random, String text) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextBoolean() ? 4 : 300));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
