package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.search.Search;
import org.llmfactory.finetuning.search.SearchRequest;
import org.llmfactory.finetuning.search.Searcher;
import org.llmfactory.finetuning.search.StoredTrial;
import org.llmfactory.finetuning.search.StoredTrial.State;
import org.llmfactory.finetuning.search.Wish;
import org.llmfactory.rest.Json;

/** A search and its trials as people see them. */
final class SearchObject {
    private SearchObject() {}

    /** @param jobs finds a job by its id */
    static ObjectNode of(Search search, List<StoredTrial> trials, Function<String, Optional<Job>> jobs) {
        SearchRequest request = search.request();
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("id", search.id())
                .put("object", "llm_factory.fine_tuning.search")
                .put("created_at", search.created() / 1000)
                .put("finished_at", search.finished() == null ? null : (Long) (search.finished() / 1000))
                .put("status", search.status().word())
                .put("owner", search.owner())
                .put("model", request.job().model())
                .put("training_file", request.job().trainingFile())
                .put("validation_file", request.job().validationFile())
                .put("algorithm", request.algorithm().name().toLowerCase(Locale.ROOT))
                .put("pruning", request.pruning() ? "successive_halving" : "none")
                .put("trials", request.trials())
                .put("parallel", request.parallel())
                .put("seed", request.seed())
                .put("max_trained_tokens", request.maxTrainedTokens())
                .put("keep_all", request.keepAll());
        ArrayNode parameters = object.putArray("parameters");
        request.wishes().forEach(wish -> parameters.add(parameter(wish)));
        ObjectNode counts = object.putObject("trial_counts").put("total", trials.size());
        for (State state : State.values()) {
            counts.put(
                    word(state),
                    trials.stream().filter(trial -> trial.state() == state).count());
        }
        object.set(
                "best",
                Searcher.best(trials)
                        .map(best -> trial(request, best)
                                .put(
                                        "fine_tuned_model",
                                        jobs.apply(best.job())
                                                .orElseThrow()
                                                .name()
                                                .reference()))
                        .orElse(null));
        return object;
    }

    /** One trial. */
    static ObjectNode trial(SearchRequest request, StoredTrial trial) {
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("object", "llm_factory.fine_tuning.trial")
                .put("number", trial.number())
                .put("job", trial.job())
                .put("status", word(trial.state()))
                .put("valid_loss", trial.loss());
        ObjectNode values = object.putObject("values");
        for (Wish wish : request.wishes()) {
            Double value = trial.values().get(wish.tunable().word());
            if (value != null) {
                put(values, wish, value);
            }
        }
        return object;
    }

    private static void put(ObjectNode values, Wish wish, double value) {
        String text = wish.text(value);
        switch (wish.tunable().kind()) {
            case WHOLE -> values.put(wish.tunable().word(), Long.parseLong(text));
            case NUMBER -> values.put(wish.tunable().word(), Double.parseDouble(text));
            case WORD -> values.put(wish.tunable().word(), text.toLowerCase(Locale.ROOT));
        }
    }

    private static ObjectNode parameter(Wish wish) {
        ObjectNode shown =
                Json.MAPPER.createObjectNode().put("name", wish.tunable().word());
        if (wish.values().isEmpty()) {
            shown.put("low", wish.low()).put("high", wish.high()).put("scale", wish.logarithmic() ? "log" : "linear");
            if (wish.step() > 0) {
                shown.put("step", wish.step());
            }
        } else {
            ObjectNode holder = Json.MAPPER.createObjectNode();
            ArrayNode values = shown.putArray("values");
            for (int i = 0; i < wish.values().size(); i++) {
                put(holder, wish, i);
                values.add(holder.get(wish.tunable().word()));
            }
        }
        return shown;
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
