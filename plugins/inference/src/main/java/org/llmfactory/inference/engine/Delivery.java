package org.llmfactory.inference.engine;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.inference.engine.Batch.Part;
import org.llmfactory.inference.runner.Chunk.Logits;
import org.llmfactory.inference.runner.StepOutput;

/** Turns the rows of a step's output into tokens and tells them to whoever asked. Used by the step thread alone. */
final class Delivery {
    private final BlockManager blocks;
    private final Sampler sampler;
    private final Consumer<Sequence> onGenerated;
    private final LongSupplier clock;
    private long generatedTokens;

    /** A delivery that tells {@code onGenerated} of every sequence that has one more token. */
    Delivery(BlockManager blocks, Sampler sampler, Consumer<Sequence> onGenerated, LongSupplier clock) {
        this.blocks = blocks;
        this.sampler = sampler;
        this.onGenerated = onGenerated;
        this.clock = clock;
    }

    /** How many rows of the output belong to a part. */
    static int rows(Part part) {
        return switch (part.logits()) {
            case NONE -> 0;
            case LAST -> 1;
            case ALL -> part.count();
        };
    }

    /** Tokens generated since the start. */
    long generatedTokens() {
        return generatedTokens;
    }

    /**
     * Advances a sequence by what a step computed for it; its rows begin at {@code row}. It gets its next token when
     * nothing of it remained to be computed.
     *
     * @return whether nothing remained, so that it may have ended
     * @throws org.llmfactory.api.error.FactoryException when the rows hold no distribution
     */
    boolean deliver(Part part, StepOutput output, int row) {
        Sequence sequence = part.sequence();
        if (part.logits() == Logits.ALL) {
            describePrompt(part, output, row);
        }
        sequence.advance(part.count());
        blocks.publish(sequence.table(), sequence.tokens(), sequence.computed());
        if (sequence.remaining() > 0) {
            return false;
        }
        tellPrompt(sequence);
        if (sequence.maxTokens() > 0) {
            generate(sequence, output, row + rows(part) - 1);
        }
        return true;
    }

    private void describePrompt(Part part, StepOutput output, int row) {
        Sequence sequence = part.sequence();
        List<GeneratedToken> told = sequence.promptLogprobs();
        int[] prompt = sequence.tokens();
        if (told.isEmpty()) {
            told.add(GeneratedToken.of(prompt[0]));
        }
        for (int i = 0; i < part.count() && told.size() < sequence.promptLength(); i++) {
            int next = prompt[told.size()];
            told.add(sampler.describe(output, row + i, next, sequence.sampling().topLogprobs()));
        }
    }

    private static void tellPrompt(Sequence sequence) {
        if (sequence.wantsPromptLogprobs()) {
            sequence.promptTold();
            sequence.sink().onPrompt(List.copyOf(sequence.promptLogprobs()));
        }
    }

    private void generate(Sequence sequence, StepOutput output, int row) {
        GeneratedToken token = sampler.next(output, row, sequence);
        sequence.append(token.id(), clock.getAsLong());
        generatedTokens++;
        onGenerated.accept(sequence);
        sequence.sink().onToken(token);
    }
}
