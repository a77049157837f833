package org.llmfactory.inference.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.inference.runner.Chunk;

final class StepLayoutTest {
    private static final int BLOCK_SIZE = 4;

    @Test
    void decodingSequencesComeFirstAndShareASpan() {
        Chunk prompt = chunk(0, 3, 9);
        Chunk newest = chunk(5, 1, 2, 7);
        Chunk other = chunk(2, 1, 4);

        StepLayout step = StepLayout.of(List.of(prompt, newest, other), BLOCK_SIZE, 0, false);

        assertThat(step.ordered()).containsExactly(other, newest, prompt);
        assertThat(step.decodes()).isEqualTo(2);
        // The table of the shorter one is padded with its first block.
        assertThat(step.spans()).containsExactly(0, 2, 2, 0, 0, 2, 5, 1, 4, 1);
        assertThat(step.tables()).containsExactly(4, 4, 2, 7, 9);
    }

    @Test
    void everyTokenKnowsItsPositionAndItsRowOfTheCache() {
        StepLayout step = StepLayout.of(List.of(chunk(3, 3, 6, 2)), BLOCK_SIZE, 0, false);

        assertThat(step.tokens())
                .containsExactly(
                        100, 101, 102, // ids
                        3, 4, 5, // positions
                        6 * 4 + 3, 2 * 4, 2 * 4 + 1, // rows
                        0, 0, 0, // rotary factors
                        0, 0, 0); // first key
    }

    @Test
    void aContinuedPromptIsMaskedAndAFreshOneIsNot() {
        assertThat(StepLayout.of(List.of(chunk(0, 6, 1, 2)), BLOCK_SIZE, 0, false)
                        .spans())
                .endsWith(1);
        assertThat(StepLayout.of(List.of(chunk(4, 6, 1, 2, 3)), BLOCK_SIZE, 0, false)
                        .spans())
                .endsWith(2);
        assertThat(StepLayout.of(List.of(chunk(0, 6, 1, 2)), BLOCK_SIZE, 5, false)
                        .spans())
                .endsWith(2);
    }

    @Test
    void aSlidingWindowReadsOnlyTheBlocksItReaches() {
        // Position 17 sees 12 to 17, which lie in the blocks of 12 to 15 and 16 to 19.
        StepLayout step = StepLayout.of(List.of(chunk(17, 1, 10, 11, 12, 13, 14)), BLOCK_SIZE, 6, false);

        assertThat(step.tables()).containsExactly(13, 14);
        assertThat(step.tokens()).endsWith(12);
    }

    @Test
    void aLongSequenceDoesNotMakeShortOnesReadPadding() {
        int[] blocks = IntStream.range(0, 64).toArray();
        Chunk lengthy = chunk(255, 1, blocks);
        Chunk brief = chunk(1, 1, 70);

        StepLayout step = StepLayout.of(List.of(lengthy, brief), BLOCK_SIZE, 0, false);

        assertThat(step.spans()).containsExactly(0, 1, 1, 0, 0, 1, 2, 64, 1, 0);
    }

    @Test
    void wantedTokensFollowTheOrderOfTheChunksAsGiven() {
        Chunk all = chunk(0, 2, Chunk.Logits.ALL, false, 9);
        Chunk none = chunk(0, 3, Chunk.Logits.NONE, false, 8);
        Chunk last = chunk(2, 1, Chunk.Logits.LAST, false, 7);

        StepLayout step = StepLayout.of(List.of(all, none, last), BLOCK_SIZE, 0, false);

        // Their tokens lie in the order last, then all and none.
        assertThat(step.wanted()).containsExactly(1, 2, 0);
    }

    @Test
    void longSequencesTurnByTheSecondFactorsWhereThereAreSome() {
        Chunk longContext = chunk(0, 1, Chunk.Logits.LAST, true, 1);

        assertThat(StepLayout.of(List.of(longContext), BLOCK_SIZE, 0, true).tokens()[3])
                .isEqualTo(1);
        assertThat(StepLayout.of(List.of(longContext), BLOCK_SIZE, 0, false).tokens()[3])
                .isZero();
    }

    private static Chunk chunk(int start, int length, int... blocks) {
        return chunk(start, length, Chunk.Logits.LAST, false, blocks);
    }

    private static Chunk chunk(int start, int length, Chunk.Logits logits, boolean longContext, int... blocks) {
        int[] tokens = IntStream.range(100, 100 + length).toArray();
        return new Chunk(tokens, start, blocks, List.of(), longContext, logits);
    }
}
