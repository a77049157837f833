package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StopMatcherTest {
    @Test
    void textWithoutAStopPassesAtOnce() {
        StopMatcher matcher = matcher(false, "END");

        assertThat(matcher.append("some text")).isEqualTo("some text");
        assertThat(matcher.matched()).isFalse();
    }

    @Test
    void stopAcrossTokensIsFoundAndNotLetThrough() {
        StopMatcher matcher = matcher(false, "\n\n");

        assertThat(matcher.append("one\n")).isEqualTo("one");
        assertThat(matcher.append("\ntwo")).isEmpty();
        assertThat(matcher.matched()).isTrue();
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void textIsHeldOnlyWhileItMayBeAStop() {
        StopMatcher matcher = matcher(false, "abc");

        assertThat(matcher.append("xab")).isEqualTo("x");
        assertThat(matcher.append("d")).isEqualTo("abd");
    }

    @Test
    void heldTextIsGivenAtTheEnd() {
        StopMatcher matcher = matcher(false, "abc");

        assertThat(matcher.append("xab") + matcher.finish()).isEqualTo("xab");
    }

    @Test
    void firstOfSeveralStopsCounts() {
        StopMatcher matcher = matcher(false, "two", "one");

        assertThat(matcher.append("zero one two")).isEqualTo("zero ");
    }

    @Test
    void stopTextIsKeptWhereItIsWanted() {
        StopMatcher matcher = matcher(true, "END");

        assertThat(matcher.append("theE") + matcher.append("NDless")).isEqualTo("theEND");
    }

    @Test
    void resultDoesNotDependOnHowTheTextIsCut() {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            String text = randomText(random, 30);
            String stop = randomText(random, 3) + "a";
            StopMatcher matcher = matcher(false, stop);
            StringBuilder result = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(4));
                result.append(matcher.append(text.substring(at, end)));
                at = end;
            }
            result.append(matcher.finish());

            int found = text.indexOf(stop);
            assertThat(result).as("%s in %s", stop, text).hasToString(found < 0 ? text : text.substring(0, found));
        }
    }

    private static String randomText(Random random, int maximum) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(maximum); length > 0; length--) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        return text.toString();
    }

    private static StopMatcher matcher(boolean keep, String... stops) {
        return new StopMatcher(new StopRules(List.of(stops), Set.of(), false, keep));
    }
}
