package org.llmfactory.models.adapter;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.JsonFields;

/** PEFT's rules of which modules an adapter changes. */
final class ModuleSelection {
    private static final String ALL_LINEAR = "all-linear";
    private static final int MOST_NAMES = 100_000;
    private static final int MOST_LAYERS = 4096;

    private final Names targets;
    private final Names excluded;
    private final Set<Integer> layers;
    private final List<BoundedRegex> layerPatterns;

    private ModuleSelection(Names targets, Names excluded, Set<Integer> layers, List<BoundedRegex> layerPatterns) {
        this.targets = targets;
        this.excluded = excluded;
        this.layers = layers;
        this.layerPatterns = layerPatterns;
    }

    static ModuleSelection read(JsonFields config) {
        Names targets =
                Names.read(config, "target_modules").orElseThrow(() -> config.fault("target_modules", "is missing"));
        Names excluded = Names.read(config, "exclude_modules").orElse(new Names(Set.of(), null));
        return new ModuleSelection(
                targets,
                excluded,
                new HashSet<>(config.wholes("layers_to_transform", 0, MOST_LAYERS, MOST_LAYERS)),
                config.texts("layers_pattern", MOST_LAYERS).stream()
                        .filter(pattern -> !pattern.isEmpty())
                        .map(pattern -> BoundedRegex.whole(config.file(), ".*\\." + pattern + "\\.(\\d+)\\."))
                        .toList());
    }

    /**
     * Whether a module is changed.
     *
     * @param module its full name, for example {@code model.layers.0.mlp.up_proj}
     * @param layer the block it is in
     */
    boolean selects(String module, int layer) {
        if (excluded.matches(module) || !targets.matches(module)) {
            return false;
        }
        if (layers.isEmpty() || targets.expression() != null) {
            return true;
        }
        return layers.contains(layer)
                && (layerPatterns.isEmpty()
                        || layerPatterns.stream().anyMatch(pattern -> pattern.matchesStart(module)));
    }

    /** Whether a module outside the blocks, for example {@code lm_head}, is changed. */
    boolean selects(String module) {
        return !excluded.matches(module) && targets.matches(module) && layers.isEmpty();
    }

    /**
     * Module names: a list of names or ends of names, or an expression for whole names.
     *
     * @param expression null for a list
     */
    private record Names(Set<String> names, @Nullable BoundedRegex expression) {
        static Optional<Names> read(JsonFields config, String field) {
            if (!config.has(field)) {
                return Optional.empty();
            }
            if (!config.node().get(field).isTextual()) {
                return Optional.of(new Names(new HashSet<>(config.texts(field, MOST_NAMES)), null));
            }
            String written = config.node().get(field).textValue();
            // Every linear layer of the blocks; PEFT leaves the output head out.
            String expression =
                    written.toLowerCase(Locale.ROOT).equals(ALL_LINEAR) ? ".*\\.layers\\.\\d+\\..*" : written;
            return Optional.of(new Names(Set.of(), BoundedRegex.whole(config.file(), expression)));
        }

        boolean matches(String module) {
            if (expression != null) {
                return expression.matches(module);
            }
            for (int dot = -1; dot < module.length(); dot = nextDot(module, dot)) {
                if (names.contains(module.substring(dot + 1))) {
                    return true;
                }
            }
            return false;
        }

        private static int nextDot(String module, int dot) {
            int next = module.indexOf('.', dot + 1);
            return next < 0 ? module.length() : next;
        }
    }
}
