package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.evaluation.item.Item;
import org.llmfactory.evaluation.item.Items;
import org.llmfactory.evaluation.item.Question;
import org.llmfactory.evaluation.model.Failure;
import org.llmfactory.evaluation.model.Surroundings;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.evaluation.run.Status;
import org.llmfactory.evaluation.work.Crew;
import org.llmfactory.evaluation.work.Work;
import org.llmfactory.rest.Json;

/**
 * Searches. A trial that has been entered is not measured again, so a search goes on where it stood, on this agent or
 * another. The test files are looked at once, when the weights are chosen.
 */
public final class MixtureWork implements Work<MixtureSearch> {
    private final MixtureStore searches;
    private final ObjectStore store;
    private final Surroundings surroundings;

    public MixtureWork(MixtureStore searches, ObjectStore store, Surroundings surroundings) {
        this.searches = searches;
        this.store = store;
        this.surroundings = surroundings;
    }

    @Override
    public Optional<MixtureSearch> take(String holder) {
        return surroundings.areComplete() ? searches.take(holder) : Optional.empty();
    }

    @Override
    public boolean renew(MixtureSearch search, String holder) {
        return searches.renew(search, holder);
    }

    @Override
    public void release(MixtureSearch search, String holder) {
        searches.release(search, holder);
    }

    @Override
    public void fail(MixtureSearch search, String holder, FactoryException reason) {
        searches.end(search, holder, Status.FAILED, null, Failure.toJson(reason));
    }

    @Override
    public void work(MixtureSearch search, String holder, Crew crew) throws InterruptedException {
        MixtureRequest request = search.request();
        Caller caller = surroundings.caller(search.caller());
        Exam.Asking asking = () -> surroundings.models(caller);
        Map<String, List<Question>> validation = questions(search, request.validation());
        Map<String, List<Question>> test = questions(search, request.test());
        requireApart(validation, test);
        List<Question> all = flat(validation);
        List<MixtureTrial> trials = new ArrayList<>(searches.trials(search.id()));
        while (trials.size() < request.trials()) {
            Map<String, Float> weights = request.next(trials);
            Exam exam = Exam.of(all, request.target(weights), request.chat(), asking, crew);
            MixtureTrial trial = new MixtureTrial(trials.size(), weights, exam.correct(), all.size(), exam.loss());
            if (!searches.enter(search, holder, trial)) {
                return;
            }
            trials.add(trial);
        }
        MixtureTrial best = MixtureTrial.best(trials, request.objective()).orElseThrow();
        ObjectNode report = Json.MAPPER.createObjectNode();
        report.set("weights", MixtureRequest.toJson(best.weights()));
        report.set("validation", best.toJson());
        report.set("test", judge(request, best, test, asking, crew));
        if (request.preset().isPresent() && search.preset() == null) {
            String preset = save(caller, request, best);
            if (!searches.saved(search, holder, preset)) {
                return;
            }
        }
        searches.end(search, holder, Status.COMPLETED, report, null);
    }

    private Map<String, List<Question>> questions(MixtureSearch search, List<String> files) {
        Map<String, List<Question>> byFile = new LinkedHashMap<>();
        for (String file : files) {
            List<Question> questions = new ArrayList<>();
            for (Item item : Items.ofFile(surroundings.files(), store, search.project(), file)) {
                questions.add(question(file, item));
            }
            byFile.put(file, questions);
        }
        return byFile;
    }

    private static Question question(String file, Item item) {
        String place = "Row " + (item.number() + 1) + " of '" + file + "'";
        try {
            return Question.of(item.item())
                    .orElseThrow(() -> new FactoryException(ErrorCode.INVALID_FILE, place + " has no choices."));
        } catch (IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_FILE, place + " is no question: " + e.getMessage() + ".", e);
        }
    }

    /** Weights that were chosen by a question know its answer. */
    private static void requireApart(Map<String, List<Question>> validation, Map<String, List<Question>> test) {
        Set<String> known = new HashSet<>();
        flat(validation).forEach(question -> known.add(question.prompt()));
        long shared = flat(test).stream()
                .filter(question -> known.contains(question.prompt()))
                .count();
        if (shared > 0) {
            throw new FactoryException(
                    ErrorCode.INVALID_FILE,
                    "The test files share " + shared
                            + " questions with the validation files; take them out of one side.");
        }
    }

    private static List<Question> flat(Map<String, List<Question>> byFile) {
        return byFile.values().stream().flatMap(List::stream).toList();
    }

    private static ObjectNode judge(
            MixtureRequest request, MixtureTrial best, Map<String, List<Question>> test, Exam.Asking asking, Crew crew)
            throws InterruptedException {
        List<Question> all = flat(test);
        Target base = new Target(request.model(), Json.MAPPER.createArrayNode());
        Exam plain = Exam.of(all, base, request.chat(), asking, crew);
        Exam mixed = Exam.of(all, request.target(best.weights()), request.chat(), asking, crew);
        ObjectNode report = Json.MAPPER.createObjectNode().put("questions", all.size());
        report.set("base", plain.proportion().toJson());
        report.set("mixture", mixed.proportion().toJson());
        report.set("mixture_against_base", mixed.against(plain).toJson("mixture", "base"));
        ObjectNode alone = report.putObject("adapters");
        for (String adapter : request.names()) {
            Exam exam = Exam.of(all, request.target(request.alone(adapter)), request.chat(), asking, crew);
            alone.set(adapter, exam.proportion().toJson());
        }
        ArrayNode files = report.putArray("files");
        int from = 0;
        for (Map.Entry<String, List<Question>> file : test.entrySet()) {
            int to = from + file.getValue().size();
            ObjectNode part = files.addObject().put("file", file.getKey()).put("questions", to - from);
            part.set("base", plain.part(from, to).proportion().toJson());
            part.set("mixture", mixed.part(from, to).proportion().toJson());
            from = to;
        }
        return report;
    }

    private String save(Caller caller, MixtureRequest request, MixtureTrial best) {
        String name = request.preset().orElseThrow();
        List<Preset.Part> mix = new ArrayList<>();
        best.weights().forEach((adapter, weight) -> mix.add(new Preset.Part(adapter, weight)));
        Presets presets = surroundings.presets().require("The presets are away at present.");
        try {
            return presets.create(caller, name, request.model(), mix).id();
        } catch (FactoryException failure) {
            // An agent that was stopped just behind this may have saved it.
            return presets.find(caller, name)
                    .filter(preset -> failure.code() == ErrorCode.CONFLICT
                            && preset.owner().equals(caller.id())
                            && preset.base().equals(request.model())
                            && preset.adapters().equals(mix))
                    .orElseThrow(() -> failure)
                    .id();
        }
    }
}
