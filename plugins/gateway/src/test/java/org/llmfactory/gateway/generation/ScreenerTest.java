package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.gateway.generation.TextAssembler.Piece;

final class ScreenerTest {
    private final List<String> texts = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private int said;

    @Test
    void openScreenLetsTextAndTokensThroughAtOnce() {
        Screener screener = new Screener(OutputScreen.OPEN);

        assertThat(say(screener, "ab", "c").text()).isEqualTo("abc");
        assertThat(tokens).containsExactly("ab", "c");
        assertThat(screener.isRedacted()).isFalse();
    }

    @Test
    void partOfACharacterComesWithTheCharacter() {
        Screener screener = new Screener(OutputScreen.OPEN);

        say(screener, "", "é");

        assertThat(tokens).containsExactly("", "é");
    }

    @Test
    void tokenWaitsUntilAllOfItsTextIsOut() {
        Screener screener = new Screener(new Holding(3));

        say(screener, "abcd");
        assertThat(texts).containsExactly("a");
        assertThat(tokens).isEmpty();
        say(screener, "ef");
        assertThat(texts).containsExactly("a", "bc");
        assertThat(tokens).isEmpty();
        say(screener, "g");
        assertThat(tokens).containsExactly("abcd");

        finish(screener);
        assertThat(String.join("", texts)).isEqualTo("abcdefg");
        assertThat(tokens).containsExactly("abcd", "ef", "g");
        assertThat(screener.isRedacted()).isFalse();
    }

    @Test
    void tokensOfChangedTextAndThoseBehindItAreNotTold() {
        Screener screener = new Screener(new Changing(text -> text.replace("secret", "***")));

        say(screener, "my ", "secret", " word");
        say(screener, " end");
        finish(screener);

        assertThat(String.join("", texts)).isEqualTo("my *** word end");
        assertThat(tokens).containsExactly("my ");
        assertThat(screener.isRedacted()).isTrue();
    }

    @Test
    void tokensOfTextThatWasDroppedAreNotTold() {
        Screener screener = new Screener(new Changing(text -> text.replace("secret", "")));

        say(screener, "a", "secret");
        finish(screener);

        assertThat(String.join("", texts)).isEqualTo("a");
        assertThat(tokens).containsExactly("a");
        assertThat(screener.isRedacted()).isTrue();
    }

    @Test
    void tokensBehindTheLastAllowedCharacterAreNotToldWhenBlocked() {
        Screener screener = new Screener(new Blocking("bad"));

        say(screener, "ok", " b", "ad", " more");
        finish(screener);

        assertThat(String.join("", texts)).isEqualTo("ok ");
        assertThat(tokens).containsExactly("ok");
        assertThat(screener.isBlocked()).isTrue();
    }

    private Piece say(Screener screener, String... parts) {
        List<TextToken> said = new ArrayList<>();
        for (String part : parts) {
            said.add(new TextToken(GeneratedToken.of(said.size()), this.said, part));
            this.said += part.length();
        }
        return note(screener.accept(new Piece(String.join("", parts), said)));
    }

    private void finish(Screener screener) {
        note(screener.finish(Piece.NOTHING));
    }

    private Piece note(Piece piece) {
        if (!piece.text().isEmpty()) {
            texts.add(piece.text());
        }
        piece.tokens().forEach(token -> tokens.add(token.text()));
        return piece;
    }

    /** Holds back the last characters. */
    private static final class Holding implements OutputScreen {
        private final int count;
        private String held = "";

        Holding(int count) {
            this.count = count;
        }

        @Override
        public String accept(String text) {
            String all = held + text;
            int out = Math.max(0, all.length() - count);
            held = all.substring(out);
            return all.substring(0, out);
        }

        @Override
        public String finish() {
            return held;
        }

        @Override
        public boolean isBlocked() {
            return false;
        }
    }

    /** Changes what it is given. */
    private record Changing(UnaryOperator<String> change) implements OutputScreen {
        @Override
        public String accept(String text) {
            return change.apply(text);
        }

        @Override
        public String finish() {
            return "";
        }

        @Override
        public boolean isBlocked() {
            return false;
        }
    }

    /** Ends at a word. */
    private static final class Blocking implements OutputScreen {
        private final String word;
        private boolean blocked;

        Blocking(String word) {
            this.word = word;
        }

        @Override
        public String accept(String text) {
            int at = text.indexOf(word);
            blocked = at >= 0;
            return blocked ? text.substring(0, at) : text;
        }

        @Override
        public String finish() {
            throw new IllegalStateException("asked for more of a blocked answer");
        }

        @Override
        public boolean isBlocked() {
            return blocked;
        }
    }
}
