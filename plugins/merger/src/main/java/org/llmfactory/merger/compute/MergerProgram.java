package org.llmfactory.merger.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Program;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/**
 * {@code merger.py}, which says what its methods compute. Safe for use by several threads. What a method returns belongs to
 * the arena.
 */
public final class MergerProgram implements AutoCloseable {
    private final Torch torch;
    private final Program program;

    /** Compiles the program. */
    public MergerProgram(Torch torch) {
        this.torch = torch;
        this.program = torch.load("Merger", source());
    }

    /** The matrices of one layer's change: A {@code [rank, in]} and B {@code [out, rank]}. */
    public record Factors(Tensor a, Tensor b) {
        private static Factors of(List<Tensor> results) {
            return new Factors(results.get(0), results.get(1));
        }
    }

    /**
     * A change cut off after a rank.
     *
     * @param residual Frobenius norm of what is left out, relative to that of the change
     */
    public record Truncation(Factors factors, float residual) {}

    /**
     * How tasks are pruned and their signs elected before they are added.
     *
     * @param masks of what is kept of each task, 1 or 0; empty for all
     * @param density what is kept by a mask is divided by this
     * @param kept how many of the largest magnitudes are kept of each task; -1 for all
     * @param election 0 none, 1 by the sum of values, 2 by the number of signs
     */
    public record Pruning(List<Tensor> masks, double density, int kept, int election) {}

    /** A new arena; close it. */
    public Arena newArena() {
        return torch.newArena();
    }

    public Tensor change(Arena arena, Factors factors, double scale) {
        return program.callForTensor("change", arena, factors.a(), factors.b(), scale);
    }

    public Tensor difference(Arena arena, Tensor tuned, Tensor base) {
        return program.callForTensor("difference", arena, tuned, base);
    }

    public Tensor combine(Arena arena, List<Tensor> tasks, float[] weights, Pruning pruning) {
        try (TensorList list = program.listOf(tasks);
                TensorList masks = program.listOf(pruning.masks())) {
            return program.callForTensor(
                    "combine",
                    arena,
                    list,
                    arena.of(weights, weights.length),
                    masks,
                    pruning.density(),
                    pruning.kept(),
                    pruning.election());
        }
    }

    public Factors concatenate(Arena arena, List<Factors> all, float[] weights) {
        try (TensorList a = program.listOf(all.stream().map(Factors::a).toList());
                TensorList b = program.listOf(all.stream().map(Factors::b).toList())) {
            return Factors.of(program.call("concatenate", arena, a, b, arena.of(weights, weights.length)));
        }
    }

    public Factors compress(Arena arena, Factors factors, int rank) {
        return Factors.of(program.call("compress", arena, factors.a(), factors.b(), rank));
    }

    public Spectrum spectrum(Arena arena, Tensor change) {
        List<Tensor> results = program.call("spectrum", arena, change);
        return new Spectrum(results.get(0).toFloats(), results.get(1));
    }

    public Truncation truncate(Arena arena, Tensor change, Spectrum spectrum, int rank) {
        List<Tensor> results = program.call("truncate", arena, change, spectrum.vectors(), rank);
        return new Truncation(Factors.of(results), results.get(2).toFloats()[0]);
    }

    @Override
    public void close() {
        program.close();
    }

    private static String source() {
        try (InputStream source = MergerProgram.class.getResourceAsStream("merger.py")) {
            if (source == null) {
                throw new IllegalStateException("merger.py does not lie beside its class");
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
