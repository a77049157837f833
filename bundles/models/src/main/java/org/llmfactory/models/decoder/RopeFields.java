package org.llmfactory.models.decoder;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/**
 * The rotary part of {@code config.json}: {@code rope_theta} beside {@code rope_scaling}, or both within
 * {@code rope_parameters} as newer versions of transformers write them.
 */
final class RopeFields {
    private static final double DEFAULT_THETA = 10_000;

    private final JsonFields config;
    private final DecoderFamily family;
    private final int headDim;
    private final int maxPositions;

    RopeFields(JsonFields config, DecoderFamily family, int headDim, int maxPositions) {
        this.config = config;
        this.family = family;
        this.headDim = headDim;
        this.maxPositions = maxPositions;
    }

    double theta() {
        OptionalDouble inParameters =
                config.object("rope_parameters").map(this::theta).orElse(OptionalDouble.empty());
        OptionalDouble inScaling =
                config.object("rope_scaling").map(this::theta).orElse(OptionalDouble.empty());
        double theta = inParameters.orElseGet(
                () -> config.positive("rope_theta").orElseGet(() -> inScaling.orElse(DEFAULT_THETA)));
        if (theta <= 1) {
            throw config.fault("rope_theta", "is " + theta + ", which is not greater than 1");
        }
        return theta;
    }

    private OptionalDouble theta(JsonFields fields) {
        return fields.positive("rope_theta");
    }

    RopeScaling scaling() {
        JsonFields fields = config.object("rope_parameters")
                .or(() -> config.object("rope_scaling"))
                .orElse(null);
        if (fields == null) {
            return RopeScaling.NONE;
        }
        if (fields.entries().stream().anyMatch(entry -> entry.getValue().isObject())) {
            throw Faults.invalid(config.file(), "rotary parameters that differ between layers are not served");
        }
        String type = fields.text("rope_type").or(() -> fields.text("type")).orElse("default");
        if (family == DecoderFamily.PHI3 && (type.equals("su") || type.equals("yarn"))) {
            type = "longrope"; // what the first Phi-3 releases called it
        }
        return switch (type) {
            // Dynamic NTK changes nothing within max_position_embeddings, and no sequence goes beyond it here.
            case "default", "dynamic" -> RopeScaling.NONE;
            case "linear" -> new RopeScaling.Linear(factor(fields));
            case "llama3" -> llama3(fields);
            case "yarn" -> yarn(fields);
            case "longrope" -> longRope(fields);
            default ->
                throw Faults.invalid(
                        config.file(),
                        "the rotary scaling " + Faults.quote(type)
                                + " is not served; served are default, linear, dynamic, llama3, yarn and longrope");
        };
    }

    private RopeScaling llama3(JsonFields fields) {
        double low = fields.requiredPositive("low_freq_factor");
        double high = fields.requiredPositive("high_freq_factor");
        if (high <= low) {
            throw fields.fault("high_freq_factor", "is not greater than low_freq_factor");
        }
        return new RopeScaling.Llama3(factor(fields), low, high, original(fields));
    }

    private RopeScaling yarn(JsonFields fields) {
        double factor = factor(fields);
        double scale = fields.positive("attention_factor").orElseGet(() -> yarnAttentionScale(fields, factor));
        return new RopeScaling.Yarn(
                factor,
                scale,
                fields.positive("beta_fast").orElse(32),
                fields.positive("beta_slow").orElse(1),
                fields.flag("truncate", true),
                original(fields));
    }

    private static double yarnAttentionScale(JsonFields fields, double factor) {
        if (fields.isActive("mscale") && fields.isActive("mscale_all_dim")) {
            return RopeScaling.Yarn.magnitude(factor, fields.requiredPositive("mscale"))
                    / RopeScaling.Yarn.magnitude(factor, fields.requiredPositive("mscale_all_dim"));
        }
        return RopeScaling.Yarn.magnitude(factor, 1);
    }

    private RopeScaling longRope(JsonFields fields) {
        OptionalInt configured = config.count("original_max_position_embeddings", ConfigLimits.CONTEXT);
        if (configured.isEmpty()) {
            configured = fields.count("original_max_position_embeddings", ConfigLimits.CONTEXT);
        }
        int original = configured.orElse(maxPositions);
        double factor = configured.isPresent()
                ? (double) maxPositions / original
                : fields.positive("factor").orElse(1);
        double scale = fields.positive("attention_factor").orElse(longRopeAttentionScale(factor, original));
        return new RopeScaling.LongRope(
                factors(fields, "short_factor"), factors(fields, "long_factor"), scale, original);
    }

    private static double longRopeAttentionScale(double factor, int original) {
        return factor <= 1 || original <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    }

    private List<Double> factors(JsonFields fields, String field) {
        List<Double> factors = fields.positives(field, ConfigLimits.WIDTH);
        if (factors.size() != headDim / 2) {
            throw fields.fault(field, "has " + factors.size() + " numbers, not " + headDim / 2);
        }
        return factors;
    }

    private static double factor(JsonFields fields) {
        double factor = fields.requiredPositive("factor");
        if (factor < 1) {
            throw fields.fault("factor", "is " + factor + ", which is less than 1");
        }
        return factor;
    }

    private int original(JsonFields fields) {
        return fields.count("original_max_position_embeddings", ConfigLimits.CONTEXT)
                .orElse(maxPositions);
    }
}
