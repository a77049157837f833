package org.llmfactory.inference.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/** Every family computes what transformers and peft compute. */
final class FamiliesTest {
    private static final float TOLERANCE = 1e-4F;
    private static final int[] BLOCKS = {7, 3, 22, 9, 1, 14, 30, 2, 11, 20, 21};
    private static final int[] OTHER_BLOCKS = {6, 4, 23, 8, 0, 13, 29, 5, 10, 18, 19};

    private static TorchEngine torch;

    @BeforeAll
    static void openTorch() {
        torch = TorchEngine.open(TorchOptions.defaults());
    }

    @AfterAll
    static void closeTorch() {
        torch.close();
    }

    /** Each family with the adapters in either form, where there are two. */
    static Stream<Arguments> families() {
        return Fixture.FAMILIES.stream()
                .flatMap(family -> Fixture.forms(torch).stream().map(kernel -> Arguments.of(family, kernel)));
    }

    @ParameterizedTest
    @MethodSource("families")
    void promptLogitsMatchInOnePieceInSeveralAndTokenByToken(String family, boolean kernel) {
        try (Fixture fixture = Fixture.open(family);
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            for (String variant : Fixture.VARIANTS) {
                for (int prompt = 0; prompt < 2; prompt++) {
                    int[] tokens = fixture.prompts().get(prompt);
                    for (int pieceSize : new int[] {tokens.length, 5, 1}) {
                        List<float[]> rows = adapters.conversation(variant, BLOCKS, prompt == 0)
                                .compute(runner, tokens, pieceSize);
                        assertClose(rows, fixture.promptLogits(variant, prompt), variant + " by " + pieceSize);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void lastDecodedLogitsMatch(String family, boolean kernel) {
        try (Fixture fixture = Fixture.open(family);
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            for (String variant : Fixture.VARIANTS) {
                for (int prompt = 0; prompt < 2; prompt++) {
                    Conversation conversation = adapters.conversation(variant, BLOCKS, true);
                    conversation.compute(runner, fixture.prompts().get(prompt), 64);
                    int[] continuation = fixture.continuation(variant, prompt);
                    float[] last = {};
                    for (int i = 0; i < continuation.length - 1; i++) {
                        last = conversation
                                .compute(runner, new int[] {continuation[i]}, 1)
                                .get(0);
                    }
                    assertThat(last)
                            .as(variant)
                            .containsExactly(fixture.logits(variant, prompt, "last"), within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void weightsOfAMixMayBeNegative(String family, boolean kernel) {
        try (Fixture fixture = Fixture.open(family);
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            for (int prompt = 0; prompt < 2; prompt++) {
                int[] tokens = fixture.prompts().get(prompt);
                for (int pieceSize : new int[] {tokens.length, 1}) {
                    List<float[]> rows = adapters.conversation("signed-mix", BLOCKS, prompt == 0)
                            .compute(runner, tokens, pieceSize);
                    assertThat(rows.get(rows.size() - 1))
                            .containsExactly(fixture.logits("signed-mix", prompt, "final"), within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void greedyContinuationsOfAllVariantsInOneBatchMatch(String family, boolean kernel) {
        try (Fixture fixture = Fixture.open(family);
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            for (int prompt = 0; prompt < 2; prompt++) {
                // The short prompt stays within the short factors of LongRoPE for this long.
                int length = family.equals("phi3-longrope") && prompt == 1 ? 12 : 16;
                List<Conversation> conversations = new ArrayList<>();
                List<Chunk> chunks = new ArrayList<>();
                for (String variant : Fixture.VARIANTS) {
                    int[] blocks = new int[BLOCKS.length];
                    for (int i = 0; i < blocks.length; i++) {
                        blocks[i] = 4 * BLOCKS[i] + conversations.size();
                    }
                    Conversation conversation = adapters.conversation(variant, blocks, prompt == 0);
                    conversations.add(conversation);
                    chunks.add(conversation.next(
                            Chunk.Logits.LAST, fixture.prompts().get(prompt)));
                }
                for (int i = 0; i < length; i++) {
                    List<Chunk> next = new ArrayList<>();
                    try (StepOutput output = runner.run(chunks)) {
                        for (int row = 0; row < conversations.size(); row++) {
                            int token = output.argmax(row);
                            assertThat(token)
                                    .as("%s, prompt %s, token %s", Fixture.VARIANTS.get(row), prompt, i)
                                    .isEqualTo(fixture.continuation(Fixture.VARIANTS.get(row), prompt)[i]);
                            next.add(conversations.get(row).next(Chunk.Logits.LAST, token));
                        }
                    }
                    chunks = next;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void sequencesInOneStepDoNotTouchEachOther(String family, boolean kernel) {
        try (Fixture fixture = Fixture.open(family);
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            int[] prompt = fixture.prompts().get(0);
            int split = 7;
            int[] head = Arrays.copyOf(prompt, split);
            int[] tail = Arrays.copyOfRange(prompt, split, prompt.length);
            Conversation continued = adapters.conversation("adapter-b", BLOCKS, true);
            Conversation.run(runner, List.of(continued.next(Chunk.Logits.NONE, head)));
            Conversation started = adapters.conversation("mix", OTHER_BLOCKS, true);

            List<float[]> rows = Conversation.run(
                    runner, List.of(started.next(Chunk.Logits.ALL, head), continued.next(Chunk.Logits.ALL, tail)));

            assertClose(rows.subList(0, split), fixture.promptLogits("mix", 0).subList(0, split), "started");
            assertClose(
                    rows.subList(split, rows.size()),
                    fixture.promptLogits("adapter-b", 0).subList(split, prompt.length),
                    "continued");
        }
    }

    private static void assertClose(List<float[]> rows, List<float[]> expected, String what) {
        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i)).as(what + ", row " + i).containsExactly(expected.get(i), within(TOLERANCE));
        }
    }
}
