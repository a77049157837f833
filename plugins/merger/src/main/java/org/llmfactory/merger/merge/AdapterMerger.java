package org.llmfactory.merger.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.merger.compute.AdapterBuilder;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.merger.compute.MergerProgram.Factors;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.tensor.TensorView;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;

/**
 * Merges adapters of one base into one, as PEFT's {@code add_weighted_adapter} does; a layer that only some of them change is
 * merged of these. Safe for use by several threads.
 */
public final class AdapterMerger {
    private static final List<String> OF_ONE_RANK =
            List.of("linear", "ties", "dare_linear", "dare_ties", "magnitude_prune");

    private final MergerProgram program;

    public AdapterMerger(MergerProgram program) {
        this.program = program;
    }

    /**
     * The merged adapter. Takes long for large models: not for a thread that others wait for.
     *
     * @param base the shape of the base that all adapters were opened for
     * @param baseName its name, for people
     * @param masks what random pruning keeps
     * @throws FactoryException {@code UNSUPPORTED_PARAMETER} for a family whose adapters are not written, {@code
     *     INVALID_VALUE} when the strategy needs adapters of one rank and these are not
     */
    public LoraWriter merge(
            DecoderConfig base, String baseName, List<Ingredient> ingredients, Recipe recipe, DropMasks masks) {
        Merge merge = new Merge(ingredients, effective(recipe, ingredients), masks);
        AdapterBuilder builder = new AdapterBuilder(base);
        for (LoraTarget target : targets(base, ingredients)) {
            try (Arena arena = program.newArena()) {
                builder.add(target, merge.of(target, arena));
            }
        }
        return builder.build(baseName);
    }

    private static Recipe effective(Recipe recipe, List<Ingredient> ingredients) {
        return ingredients.size() > 1
                ? recipe
                : new Recipe(Strategy.LINEAR, recipe.density(), recipe.majority(), recipe.rank());
    }

    private static List<LoraTarget> targets(DecoderConfig base, List<Ingredient> ingredients) {
        List<LoraTarget> targets = new ArrayList<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            for (Projection projection : EnumSet.allOf(Projection.class)) {
                LoraTarget target = new LoraTarget(layer, projection);
                if (ingredients.stream().anyMatch(each -> each.adapter().pairs().containsKey(target))) {
                    targets.add(target);
                }
            }
        }
        return targets;
    }

    private static int largestRank(Collection<Ingredient> ingredients) {
        return ingredients.stream()
                .map(Ingredient::adapter)
                .mapToInt(LoraAdapter::rank)
                .max()
                .orElseThrow();
    }

    /** One order, layer by layer. */
    private final class Merge {
        private final List<Ingredient> ingredients;
        private final Recipe recipe;
        private final DropMasks masks;

        Merge(List<Ingredient> ingredients, Recipe recipe, DropMasks masks) {
            this.ingredients = ingredients;
            this.recipe = recipe;
            this.masks = masks;
        }

        Factors of(LoraTarget target, Arena arena) {
            List<Part> parts = parts(target, arena);
            return switch (recipe.strategy().space()) {
                case FACTORS -> factors(target, parts, arena);
                case CONCATENATION -> concatenation(parts, arena);
                case CHANGES -> changes(target, parts, arena);
            };
        }

        private List<Part> parts(LoraTarget target, Arena arena) {
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < ingredients.size(); i++) {
                LoraPair pair = ingredients.get(i).adapter().pairs().get(target);
                if (pair != null) {
                    Factors factors = new Factors(tensor(arena, pair.a()), tensor(arena, pair.b()));
                    parts.add(new Part(i, factors, ingredients.get(i).weight(), pair.scale(), pair.rank()));
                }
            }
            return parts;
        }

        /** The weight goes to A and B in equal parts, its sign to A alone. */
        private Factors factors(LoraTarget target, List<Part> parts, Arena arena) {
            checkOneRank(parts);
            float[] upWeights = new float[parts.size()];
            float[] downWeights = new float[parts.size()];
            for (int i = 0; i < parts.size(); i++) {
                double weight = parts.get(i).weight() * parts.get(i).scale();
                upWeights[i] = (float) Math.sqrt(Math.abs(weight));
                downWeights[i] = weight >= 0 ? upWeights[i] : -upWeights[i];
            }
            List<Tensor> a = parts.stream().map(part -> part.factors().a()).toList();
            List<Tensor> b = parts.stream().map(part -> part.factors().b()).toList();
            return new Factors(
                    program.combine(arena, a, downWeights, pruning(target, parts, a.get(0), false, arena)),
                    program.combine(arena, b, upWeights, pruning(target, parts, b.get(0), true, arena)));
        }

        private Factors concatenation(List<Part> parts, Arena arena) {
            float[] weights = new float[parts.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (parts.get(i).weight() * parts.get(i).scale());
            }
            return program.concatenate(arena, parts.stream().map(Part::factors).toList(), weights);
        }

        private Factors changes(LoraTarget target, List<Part> parts, Arena arena) {
            int rank = recipe.rank().orElse(largestRank(ingredients));
            if (recipe.strategy() == Strategy.SVD) {
                return program.compress(arena, concatenation(parts, arena), rank);
            }
            List<Tensor> changes = parts.stream()
                    .map(part -> program.change(arena, part.factors(), part.scale()))
                    .toList();
            float[] weights = new float[parts.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) parts.get(i).weight();
            }
            MergerProgram.Pruning pruning = pruning(target, parts, changes.get(0), false, arena);
            Tensor merged = program.combine(arena, changes, weights, pruning);
            return program.truncate(arena, merged, program.spectrum(arena, merged), rank)
                    .factors();
        }

        private MergerProgram.Pruning pruning(
                LoraTarget target, List<Part> parts, Tensor first, boolean up, Arena arena) {
            long[] shape = first.shape();
            int size = Math.toIntExact(shape[0] * shape[1]);
            List<Tensor> drawn = new ArrayList<>();
            int kept = -1;
            if (recipe.strategy().pruning() == Strategy.Pruning.MAGNITUDE && recipe.density() < 1) {
                kept = (int) (recipe.density() * size);
            } else if (recipe.strategy().pruning() == Strategy.Pruning.RANDOM && recipe.density() < 1) {
                for (Part part : parts) {
                    DropMasks.Place place = new DropMasks.Place(target, part.ingredient(), up);
                    drawn.add(arena.of(masks.draw(place, size, recipe.density()), shape));
                }
            }
            return new MergerProgram.Pruning(drawn, recipe.density(), kept, election());
        }

        private int election() {
            if (!recipe.strategy().isElecting()) {
                return 0;
            }
            return recipe.majority() == Recipe.Majority.TOTAL ? 1 : 2;
        }

        private void checkOneRank(List<Part> parts) {
            Set<Integer> ranks = new TreeSet<>();
            parts.forEach(part -> ranks.add(part.rank()));
            if (ranks.size() > 1) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "strategy",
                        "The strategies " + String.join(", ", OF_ONE_RANK)
                                + " need adapters of one rank, but these have " + ranks
                                + "; cat and those with svd take any.");
            }
        }
    }

    private static Tensor tensor(Arena arena, TensorView view) {
        return arena.of(view.toFloats(), view.shape());
    }

    /** What one adapter says about one layer. */
    private record Part(int ingredient, Factors factors, double weight, double scale, int rank) {}
}
