package org.llmfactory.policies.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.policies.content.Finder.Span;

final class FindersTest {
    private static final WordFinder WORDS = new WordFinder(List.of("Bad", "bad word", "Äpfel", "covid-19"));

    @ParameterizedTest
    @CsvSource({
        "'a bad one', 2, 5",
        "'a BAD Word!', 2, 10",
        "'bad', 0, 3",
        "'der äPFEL', 4, 9",
        "'(Covid-19)', 1, 9",
        "'bad-tempered', 0, 3",
    })
    void wholeWordsAreFoundInAnyCase(String text, int start, int end) {
        assertThat(WORDS.find(text, 0)).isEqualTo(new Span(start, end));
    }

    @ParameterizedTest
    @ValueSource(strings = {"badge", "embad", "bad1", "covid-190", "b ad", ""})
    void partsOfWordsAreNotFound(String text) {
        assertThat(WORDS.find(text, 0)).isNull();
    }

    @Test
    void aSearchThatBeginsWithinAWordGoesOnBehindIt() {
        assertThat(WORDS.find("xbad bad", 1)).isEqualTo(new Span(5, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "a*|b", "\\b", "^", "(?:a?)?$", "(?m)^", "\\B", "a?\\b"})
    void aPatternThatTakesNoCharacterIsRefused(String pattern) {
        assertThatThrownBy(() -> PatternFinder.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=x)", "(a", "a{1001}", "\\1", "[z-a]"})
    void aPatternThatIsNoneIsRefused(String pattern) {
        assertThatThrownBy(() -> PatternFinder.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RE2");
    }

    @Test
    @Timeout(5)
    void aPatternThatWouldFillTheMemoryIsRefusedBeforeItIsCompiled() {
        for (String pattern : List.of(
                "((a{900}){900}){900}",
                "((((a{99}){99}){99}){99}){99}",
                "(?:[abc]{50}){50}",
                "(a{900}[[:alpha:](]){900}",
                "{(a{900}){900}",
                "([](]a{900}){900}",
                "([\\](]a{900}){900}")) {
            assertThat(PatternSize.of(pattern)).isGreaterThan(PatternFinder.MAXIMUM_SIZE);
            assertThatThrownBy(() -> PatternFinder.of(pattern))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("too large");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 3",
        "a{3}, 3",
        "'a{2,5}', 5",
        "(ab){10}x, 31",
        "[a-z{}()]{4}, 4",
        "\\{3\\}, 3",
        "a{x}, 4",
        "[[:alpha:](]{50}, 50",
        "[](]{50}, 50",
        "[^\\](]{50}, 50",
        "\\p{Lu}\\x{2028}{50}, 51",
        "'((a{10}){10}){10}', 1110",
    })
    void theSizeOfAPatternIsEstimated(String pattern, long size) {
        assertThat(PatternSize.of(pattern)).isBetween(size, size + size / 5 + 1);
    }

    @Test
    @Timeout(30)
    void patternsThatExplodeElsewhereTakeTimeInProportionToTheText() {
        PatternFinder finder = PatternFinder.of("(a+)+$|(a|aa)+b|(.*a){12}c");
        String text = "a".repeat(20_000) + "!";

        assertThat(finder.find(text, 0)).isNull();
        time(() -> finder.find(text, 0));
        long once = time(() -> finder.find(text, 0));
        long eight = time(() -> finder.find(text.repeat(8), 0));
        // Eight times as much text; a quadratic search would take sixty-four times as long.
        assertThat(eight).isLessThan(Math.max(once, Duration.ofMillis(5).toNanos()) * 32);
    }

    @Test
    @Timeout(30)
    void screensTakeTimeInProportionToTheAnswer() {
        String definition = """
                {"rules": [{"name": "evil", "on": "output", "pattern": "(a+)+b|a.*b|a", "action": "redact"}]}""";
        OutputScreen screen = Policies.inspection(definition).screen();

        assertThat(Policies.feed(screen, List.of("a".repeat(50_000)))).isEqualTo("[evil]");
    }

    @Test
    @Timeout(10)
    void tenThousandWordsAreAsQuickAsTen() {
        List<String> many = IntStream.range(0, 10_000).mapToObj(i -> "word" + i).toList();
        WordFinder finder = new WordFinder(many);
        String text = "nothing of the sort ".repeat(50_000);

        assertThat(finder.find(text, 0)).isNull();
        assertThat(finder.find(text + "WORD9999", 0)).isEqualTo(new Span(text.length(), text.length() + 8));
    }

    private static long time(Runnable work) {
        long started = System.nanoTime();
        work.run();
        return System.nanoTime() - started;
    }
}
