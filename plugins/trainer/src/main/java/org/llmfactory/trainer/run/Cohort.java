package org.llmfactory.trainer.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.compute.Part;
import org.llmfactory.trainer.compute.Sequence;
import org.llmfactory.trainer.compute.TrainingProgram;
import org.llmfactory.trainer.data.Example;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs on one base model, stepping together: every round takes one optimizer step of each run, and the tokens of all
 * of them pass the frozen base in one batch. What a run finds does not depend on its company. For one thread.
 */
final class Cohort {
    private static final Logger LOG = LoggerFactory.getLogger(Cohort.class);

    private final TrainingProgram program;
    private final int tokensAtOnce;
    private final List<Run> runs = new ArrayList<>();

    /**
     * @param tokensAtOnce of one call; a step of more takes several
     */
    Cohort(TrainingProgram program, int tokensAtOnce) {
        this.program = program;
        this.tokensAtOnce = tokensAtOnce;
    }

    /** Takes a run in; its end comes later through its listener. */
    void add(Run run) {
        runs.add(run);
        attempt(run, () -> {
            run.announce();
            endIfDue(run);
        });
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** One step of every run, and what is due after it. */
    void round() {
        List<Run> now = List.copyOf(runs);
        try {
            step(now);
        } catch (RuntimeException e) {
            if (now.size() == 1) {
                fail(now.get(0), e);
                return;
            }
            // Somebody's fault, or too much at once: each alone will show.
            LOG.warn("A step of {} runs failed; each goes alone", now.size(), e);
            for (Run run : now) {
                run.forget();
                attempt(run, () -> step(List.of(run)));
            }
        }
        for (Run run : now) {
            if (runs.contains(run)) {
                attempt(run, () -> {
                    evaluateIfDue(run);
                    endIfDue(run);
                });
            }
        }
    }

    private void step(List<Run> now) {
        List<Part> parts = new ArrayList<>();
        for (Run run : now) {
            run.begin();
            List<Figures> before = run.needsFigures() ? evaluate(run.question()) : List.of();
            parts.add(run.part(before));
        }
        List<List<Figures>> found = inPieces(parts, program::differentiate);
        for (int i = 0; i < now.size(); i++) {
            Run run = now.get(i);
            List<Figures> figures = found.get(i);
            attempt(run, () -> run.step(figures));
        }
    }

    private void evaluateIfDue(Run run) throws IOException {
        if (run.isEvaluationDue()) {
            List<Example> examples = run.validation();
            Optional<Objective.Outcome> outcome = Optional.empty();
            if (!examples.isEmpty()) {
                List<Integer> places =
                        IntStream.range(0, examples.size()).boxed().toList();
                outcome = Optional.of(
                        run.validationObjective().outcome(examples, places, evaluate(run.question(examples))));
            }
            run.save(outcome);
        }
    }

    private void endIfDue(Run run) throws IOException {
        Optional<TrainingEnd> end = run.end();
        if (end.isPresent()) {
            leave(run);
            run.listener().ended(end.get());
        }
    }

    List<Figures> evaluate(Part part) {
        return inPieces(List.of(part), program::evaluate).get(0);
    }

    /** Puts sequences together until a call is full, in their order. */
    private List<List<Figures>> inPieces(List<Part> parts, Function<List<Part>, List<List<Figures>>> call) {
        List<List<Figures>> all = new ArrayList<>();
        parts.forEach(part -> all.add(new ArrayList<>()));
        List<Part> piece = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        int size = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int from = 0;
            while (from < part.sequences().size()) {
                int to = from;
                while (to < part.sequences().size()
                        && fits(size, part.sequences().get(to))) {
                    size += part.sequences().get(to++).length();
                }
                if (to > from) {
                    piece.add(part.slice(from, to));
                    owners.add(i);
                    from = to;
                }
                if (from < part.sequences().size()) {
                    flush(piece, owners, all, call);
                    size = 0;
                }
            }
        }
        flush(piece, owners, all, call);
        return all;
    }

    private boolean fits(int size, Sequence next) {
        return size == 0 || size + next.length() <= tokensAtOnce;
    }

    private static void flush(
            List<Part> piece,
            List<Integer> owners,
            List<List<Figures>> all,
            Function<List<Part>, List<List<Figures>>> call) {
        if (!piece.isEmpty()) {
            List<List<Figures>> found = call.apply(List.copyOf(piece));
            for (int i = 0; i < found.size(); i++) {
                all.get(owners.get(i)).addAll(found.get(i));
            }
            piece.clear();
            owners.clear();
        }
    }

    /** Something that can fail. */
    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Run run, Attempt work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            fail(run, e);
        }
    }

    /** Ends every run as failed. */
    void failAll(Exception cause) {
        List.copyOf(runs).forEach(run -> fail(run, cause));
    }

    private void fail(Run run, Exception cause) {
        leave(run);
        run.listener().failed(Failures.of(run.job(), cause));
    }

    private void leave(Run run) {
        if (runs.removeAll(Collections.singleton(run))) {
            run.close();
        }
    }
}
