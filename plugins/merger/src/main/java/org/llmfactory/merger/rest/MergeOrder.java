package org.llmfactory.merger.rest;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.llmfactory.merger.merge.Recipe;
import org.llmfactory.merger.merge.Strategy;
import org.llmfactory.rest.JsonFields;

/**
 * The body of a merge.
 *
 * @param base id of the base model that the caller expects
 */
record MergeOrder(NewAdapter made, Optional<String> base, List<Share> shares, Recipe recipe, long seed) {
    private static final int MOST_ADAPTERS = 32;
    private static final int LARGEST_WEIGHT = 100;
    private static final int LARGEST_RANK = 1024;

    /** A source as the caller names it. */
    record Share(String reference, double weight) {
        static Share read(JsonFields fields) {
            String reference =
                    fields.string("id").or(() -> fields.string("name")).orElseThrow(() -> fields.missing("id"));
            return new Share(
                    reference,
                    fields.number("weight", -LARGEST_WEIGHT, LARGEST_WEIGHT)
                            .orElseThrow(() -> fields.missing("weight")));
        }
    }

    static MergeOrder read(JsonFields fields) {
        List<Share> shares = fields.objects("adapters", MOST_ADAPTERS).stream()
                .map(Share::read)
                .toList();
        if (shares.isEmpty()) {
            throw fields.missing("adapters");
        }
        return new MergeOrder(
                NewAdapter.read(fields),
                fields.string("base"),
                shares,
                recipe(fields),
                fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0));
    }

    private static Recipe recipe(JsonFields fields) {
        String name = fields.requiredString("strategy");
        Strategy strategy = Strategy.of(name)
                .orElseThrow(() -> fields.invalid("strategy", "expected one of " + Strategy.wireNames()));
        OptionalInt rank = fields.integer("svd_rank", 1, LARGEST_RANK);
        return new Recipe(strategy, density(fields, strategy), majority(fields), rank);
    }

    private static double density(JsonFields fields, Strategy strategy) {
        if (strategy.pruning() == Strategy.Pruning.NONE) {
            return 1;
        }
        double density = fields.number("density", 0, 1).orElseThrow(() -> fields.missing("density"));
        if (density == 0) {
            throw fields.invalid("density", "expected a number above 0 and at most 1");
        }
        return density;
    }

    private static Recipe.Majority majority(JsonFields fields) {
        return switch (fields.string("majority_sign_method").orElse("total")) {
            case "total" -> Recipe.Majority.TOTAL;
            case "frequency" -> Recipe.Majority.FREQUENCY;
            default -> throw fields.invalid("majority_sign_method", "expected 'total' or 'frequency'");
        };
    }
}
