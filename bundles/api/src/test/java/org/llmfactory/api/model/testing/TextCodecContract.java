package org.llmfactory.api.model.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.model.StreamingDecoder;
import org.llmfactory.api.model.TextCodec;

/** What every {@link TextCodec} must do. A provider's test extends it and says which codec to test. */
public abstract class TextCodecContract {
    /** The codec; may be shared by the tests. */
    protected abstract TextCodec codec();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello, world!",
                " leading and trailing ",
                "line\n\n\tbreaks",
                "Grüße aus Köln, façade",
                "日本語のテキスト",
                "👩‍👩‍👧‍👦 and 🇩🇪",
                "x = [1, 22, 333]; // 4444"
            })
    protected void decodingWhatWasEncodedGivesTheText(String text) {
        assertThat(codec().decode(codec().encode(text, false), true)).isEqualTo(text);
    }

    @Test
    protected void idsAreInsideTheVocabulary() {
        assertThat(Arrays.stream(codec().encode("Some text, with ünïcödé", true))
                        .boxed())
                .allSatisfy(id -> assertThat(id).isBetween(0, codec().vocabularySize() - 1));
        assertThat(codec().endOfGeneration())
                .allSatisfy(id -> assertThat(id).isBetween(0, codec().vocabularySize() - 1));
    }

    @Test
    protected void streamedTextOfAnyIdsEqualsDecodingThemAtOnce() {
        Random random = new Random(17);
        for (int round = 0; round < 300; round++) {
            int[] ids = random.ints(1 + random.nextInt(40), 0, codec().vocabularySize())
                    .toArray();
            for (boolean skipSpecialTokens : new boolean[] {true, false}) {
                assertThat(stream(ids, skipSpecialTokens))
                        .as("ids %s, skipping special tokens: %s", Arrays.toString(ids), skipSpecialTokens)
                        .isEqualTo(codec().decode(ids, skipSpecialTokens));
            }
        }
    }

    @Test
    protected void streamedTextNeverSplitsACharacter() {
        int[] ids = codec().encode("a👩‍👩‍👧‍👦é日🇩🇪z", false);
        StreamingDecoder decoder = codec().streamingDecoder(true);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String piece = decoder.append(id);
            assertThat(new String(piece.getBytes(UTF_8), UTF_8))
                    .isEqualTo(piece)
                    .doesNotContain("\uFFFD");
            text.append(piece);
        }
        assertThat(text.append(decoder.finish())).hasToString("a👩‍👩‍👧‍👦é日🇩🇪z");
    }

    @Test
    protected void finishingAnEmptySequenceGivesNothing() {
        assertThat(codec().streamingDecoder(true).finish()).isEmpty();
    }

    @Test
    protected void manyTextsAreEncodedAsEachAlone() {
        List<int[]> ids = codec().encodeAll(List.of("one", "", "two words"), true);

        assertThat(ids).hasSize(3);
        assertThat(ids.get(2)).containsExactly(codec().encode("two words", true));
    }

    private String stream(int[] ids, boolean skipSpecialTokens) {
        StreamingDecoder decoder = codec().streamingDecoder(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.append(id));
        }
        return text.append(decoder.finish()).toString();
    }
}
