package org.llmfactory.inference.decoder;

import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;

/** The logits of a step, left in PyTorch's memory until a row is asked for. */
final class TorchStepOutput implements StepOutput {
    private final ServingProgram program;
    private final Arena arena;
    private final Tensor logits;
    private final long[] likeliest;

    /**
     * Takes a step's results.
     *
     * @param arena closed with this output
     */
    TorchStepOutput(ServingProgram program, Arena arena, Tensor logits, Tensor likeliest) {
        this.program = program;
        this.arena = arena;
        this.logits = logits;
        this.likeliest = likeliest.toLongs();
    }

    @Override
    public int rows() {
        return likeliest.length;
    }

    @Override
    public int argmax(int row) {
        return (int) likeliest[row];
    }

    @Override
    public float[] logits(int row) {
        if (row < 0 || row >= likeliest.length) {
            throw new IndexOutOfBoundsException("row " + row + " of " + likeliest.length);
        }
        return program.row(arena, logits, row);
    }

    @Override
    public void close() {
        arena.close();
    }
}
