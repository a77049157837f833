package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.gateway.GatewayFixture;

final class TextAssemblerTest {
    private final List<TextToken> tokens = new ArrayList<>();
    private final List<String> pieces = new ArrayList<>();

    @Test
    void charactersAreNeverSplitAndTheirTokensComeTogether() {
        TextAssembler assembler = assembler();

        take(assembler, "aé");

        assertThat(pieces).containsExactly("a", "", "é");
        assertThat(tokens).hasSize(3);
        assertThat(tokens.get(1).offset()).isEqualTo(1);
        assertThat(tokens.get(2).text()).isEqualTo("é");
    }

    @Test
    void tokensOfAStopTextAreDropped() {
        TextAssembler assembler = assembler("END");

        take(assembler, "xENDy");

        assertThat(String.join("", pieces)).isEqualTo("x");
        assertThat(tokens).hasSize(1);
        assertThat(assembler.stopped()).isTrue();
    }

    @Test
    void heldTextAndTokensComeAtTheEnd() {
        TextAssembler assembler = assembler("END");

        take(assembler, "xEN");
        assertThat(tokens).hasSize(1);
        TextAssembler.Piece rest = assembler.finish();

        assertThat(rest.text()).isEqualTo("EN");
        assertThat(rest.tokens()).hasSize(2);
    }

    @Test
    void incompleteCharacterAtTheEndIsShownAsSuch() {
        TextAssembler assembler = assembler();

        assembler.append(GeneratedToken.of(0xC3));

        assertThat(assembler.finish().text()).isEqualTo("\uFFFD");
    }

    private void take(TextAssembler assembler, String text) {
        for (int id : GatewayFixture.ids(text)) {
            TextAssembler.Piece piece = assembler.append(GeneratedToken.of(id));
            pieces.add(piece.text());
            tokens.addAll(piece.tokens());
        }
    }

    private static TextAssembler assembler(String... stops) {
        return new TextAssembler(
                new ByteTextCodec().streamingDecoder(true), new StopRules(List.of(stops), Set.of(), false, false));
    }
}
