package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.llmfactory.evaluation.mixture.MixtureRequest.Objective;
import org.llmfactory.evaluation.statistics.Proportion;
import org.llmfactory.search.Trial;

/**
 * Some weights, and how they did on the validation files.
 *
 * @param number from 0
 * @param weights by adapter, just as they were used
 * @param correct questions whose likeliest choice was right
 * @param total questions
 * @param loss mean negative log probability of the right choice among the choices
 */
public record MixtureTrial(int number, Map<String, Float> weights, int correct, int total, double loss) {
    public MixtureTrial {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    double value(Objective objective) {
        return objective == Objective.LOSS ? loss : 1 - (double) correct / total;
    }

    /** As the sampler sees it. */
    Trial asSeen(Objective objective) {
        Map<String, Double> values = new HashMap<>();
        weights.forEach((adapter, weight) -> values.put(adapter, weight.doubleValue()));
        return new Trial(values, OptionalDouble.of(value(objective)));
    }

    /** The one that did best; of several that with the lowest loss, then the first. */
    public static Optional<MixtureTrial> best(List<MixtureTrial> trials, Objective objective) {
        return trials.stream()
                .min(Comparator.comparingDouble((MixtureTrial trial) -> trial.value(objective))
                        .thenComparingDouble(MixtureTrial::loss)
                        .thenComparingInt(MixtureTrial::number));
    }

    /** As it is shown. */
    public ObjectNode toJson() {
        ObjectNode json = new Proportion(correct, total).toJson();
        json.put("object", "llm_factory.mixture.trial").put("number", number);
        json.set("weights", MixtureRequest.toJson(weights));
        return json.put("correct", correct).put("total", total).put("loss", loss);
    }
}
