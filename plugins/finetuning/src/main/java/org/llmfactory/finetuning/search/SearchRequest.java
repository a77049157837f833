package org.llmfactory.finetuning.search;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.search.Parameter;
import org.llmfactory.search.Sampler;

/**
 * What was ordered.
 *
 * @param job tried again and again; it has a validation file
 * @param wishes what is different each time
 * @param trials how many at most
 * @param parallel how many at once
 * @param pruning whether trials that look bad are stopped early
 * @param maxTrainedTokens no trial is begun when so many tokens have been trained; null for no bound
 * @param keepAll whether the adapters of all trials stay, not only the best one's
 */
public record SearchRequest(
        JobRequest job,
        List<Wish> wishes,
        Algorithm algorithm,
        int trials,
        int parallel,
        boolean pruning,
        long seed,
        @Nullable Long maxTrainedTokens,
        boolean keepAll) {
    /** How values are proposed. */
    public enum Algorithm {
        RANDOM,
        TPE;

        Sampler sampler() {
            return this == RANDOM ? Sampler.random() : Sampler.tpe();
        }
    }

    public SearchRequest {
        wishes = List.copyOf(wishes);
    }

    List<Parameter> space() {
        return wishes.stream().map(Wish::parameter).toList();
    }

    /** The job with a trial's values. */
    JobRequest with(Map<String, Double> values) {
        JobRequest.Wanted wanted = job.wanted();
        for (Wish wish : wishes) {
            Double value = values.get(wish.tunable().word());
            if (value != null) {
                wanted = wish.tunable().in(wanted, wish.text(value));
            }
        }
        return new JobRequest(
                job.model(),
                job.baseDigest(),
                job.contextLength(),
                job.trainingFile(),
                job.validationFile(),
                job.suffix(),
                job.seed(),
                job.priority(),
                job.metadata(),
                job.apiKey(),
                job.stage(),
                wanted);
    }
}
