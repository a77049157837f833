package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Ids;
import org.llmfactory.evaluation.grade.Grader;
import org.llmfactory.evaluation.grade.Score;
import org.llmfactory.evaluation.item.Item;
import org.llmfactory.evaluation.item.Items;
import org.llmfactory.evaluation.model.Failure;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Surroundings;
import org.llmfactory.evaluation.work.Crew;
import org.llmfactory.evaluation.work.Work;
import org.llmfactory.rest.Json;

/**
 * Measures. Rows that have been entered are not measured again, so a run goes on where it stood, on this agent or another;
 * a row itself lies in the store before its result is entered.
 */
public final class RunWork implements Work<Run> {
    private final Evaluations evaluations;
    private final RunQueue queue;
    private final ObjectStore store;
    private final Surroundings surroundings;
    private final Clock clock;

    public RunWork(Evaluations evaluations, RunQueue queue, ObjectStore store, Surroundings surroundings, Clock clock) {
        this.evaluations = evaluations;
        this.queue = queue;
        this.store = store;
        this.surroundings = surroundings;
        this.clock = clock;
    }

    /** A row that has been measured. */
    private record Outcome(Graded row, ObjectNode sample, Models models) {}

    @Override
    public Optional<Run> take(String holder) {
        return surroundings.areComplete() ? queue.take(holder) : Optional.empty();
    }

    @Override
    public boolean renew(Run run, String holder) {
        return queue.renew(run.id(), holder);
    }

    @Override
    public void release(Run run, String holder) {
        queue.release(run.id(), holder);
    }

    @Override
    public void fail(Run run, String holder, FactoryException reason) {
        queue.end(run, holder, Status.FAILED, Failure.toJson(reason));
    }

    @Override
    public void work(Run run, String holder, Crew crew) throws InterruptedException {
        Optional<Evaluation> evaluation = evaluations.find(run.evaluation());
        if (evaluation.isEmpty()) {
            return;
        }
        List<Grader> graders = evaluation.get().graders();
        DataSource source = run.source();
        Caller caller = surroundings.caller(run.caller());
        List<Item> items = items(run, source);
        Set<Integer> done = queue.done(run.id());
        run.tally().expect(items.size());
        List<Callable<Outcome>> left = new ArrayList<>();
        for (Item item : items) {
            if (!done.contains(item.number())) {
                left.add(() -> outcome(run, item, source.sampling(), graders, surroundings.models(caller)));
            }
        }
        boolean[] lost = new boolean[1];
        crew.all(left.iterator(), outcome -> {
            lost[0] = !queue.enter(
                    run,
                    holder,
                    outcome.row(),
                    outcome.sample(),
                    outcome.models().costs());
            if (lost[0]) {
                forget(run, outcome.row().number());
            }
            return !lost[0];
        });
        if (!lost[0]) {
            queue.end(run, holder, Status.COMPLETED, null);
        }
    }

    private List<Item> items(Run run, DataSource source) {
        if (source.file() != null) {
            return Items.ofFile(surroundings.files(), store, run.project(), source.file());
        }
        return Items.ofObject(store, Run.rowsKey(run.project(), run.id()));
    }

    private Outcome outcome(Run run, Item item, Sampling sampling, List<Grader> graders, Models models)
            throws InterruptedException {
        ArrayNode results = Json.MAPPER.createArrayNode();
        ObjectNode sample = Json.MAPPER.createObjectNode();
        String status;
        try {
            sample = sampling.sample(item, models);
            boolean passed = true;
            for (Grader grader : graders) {
                Score score = grader.grade(item.item(), sample, models);
                results.add(result(grader, score));
                passed &= score.passed();
            }
            status = passed ? Graded.PASS : Graded.FAIL;
        } catch (FactoryException failure) {
            if (endsAll(failure)) {
                throw failure;
            }
            status = Graded.ERROR;
            results.removeAll();
            sample.set("error", Failure.toJson(failure));
        }
        sample.set("usage", models.costs().total());
        ObjectNode kept = Json.MAPPER.createObjectNode();
        kept.set("item", item.item());
        kept.set("sample", sample);
        kept.set("results", results.deepCopy());
        keep(run, item.number(), kept);
        // What models said in judging belongs beside the answers, not into the table.
        results.forEach(result -> ((ObjectNode) result).remove("sample"));
        Graded row = new Graded(item.number(), Ids.next(Graded.PREFIX), clock.millis(), status, results);
        return new Outcome(row, sample, models);
    }

    /** Whether no other row could fare better. */
    private static boolean endsAll(FactoryException failure) {
        return switch (failure.code()) {
            case MODEL_NOT_FOUND,
                    PERMISSION_DENIED,
                    QUOTA_EXCEEDED,
                    ADAPTER_MISMATCH,
                    RATE_LIMITED,
                    TOKENS_LIMITED,
                    OVERLOADED,
                    UNAVAILABLE,
                    UNSUPPORTED_PARAMETER -> true;
            default -> false;
        };
    }

    private static ObjectNode result(Grader grader, Score score) {
        ObjectNode result = Json.MAPPER
                .createObjectNode()
                .put("name", grader.name())
                .put("type", grader.type())
                .put("score", score.value())
                .put("passed", score.passed());
        score.asked().ifPresent(answer -> result.set("sample", answer));
        return result;
    }

    private void keep(Run run, int number, ObjectNode kept) {
        try {
            store.put(run.key(number), new ByteArrayInputStream(Json.write(kept)));
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The store cannot take the results at present.", e);
        }
    }

    private void forget(Run run, int number) {
        if (evaluations.run(run.id()).isEmpty()) {
            try {
                store.delete(run.key(number));
            } catch (IOException e) {
                throw new FactoryException(ErrorCode.UNAVAILABLE, "The store cannot be reached at present.", e);
            }
        }
    }
}
