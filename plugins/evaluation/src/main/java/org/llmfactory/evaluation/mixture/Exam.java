package org.llmfactory.evaluation.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmfactory.evaluation.item.Choices;
import org.llmfactory.evaluation.item.Question;
import org.llmfactory.evaluation.model.Likelihood;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.evaluation.statistics.PairedComparison;
import org.llmfactory.evaluation.statistics.Proportion;
import org.llmfactory.evaluation.work.Crew;

/**
 * How a model did on questions.
 *
 * @param answers in the order of the questions
 */
record Exam(List<Answer> answers) {
    Exam {
        answers = List.copyOf(answers);
    }

    /**
     * How it did on one.
     *
     * @param right whether the likeliest choice was right
     * @param loss negative log probability of the right choice among the choices
     */
    record Answer(boolean right, double loss) {
        static Answer of(Choices choices, int right) {
            double[] logprobs = choices.likelihoods().stream()
                    .mapToDouble(Likelihood::logprob)
                    .toArray();
            double highest = Arrays.stream(logprobs).max().orElseThrow();
            double sum = Arrays.stream(logprobs)
                    .map(logprob -> Math.exp(logprob - highest))
                    .sum();
            return new Answer(choices.best() == right, highest + Math.log(sum) - logprobs[right]);
        }
    }

    /** Makes a model for each thread that asks. */
    interface Asking {
        Models models();
    }

    static Exam of(List<Question> questions, Target target, boolean chat, Asking asking, Crew crew)
            throws InterruptedException {
        record Placed(int place, Answer answer) {}
        List<Callable<Placed>> tasks = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            int place = i;
            Question question = questions.get(i);
            tasks.add(() -> new Placed(
                    place, Answer.of(Choices.of(question, target, chat, asking.models()), question.answer())));
        }
        Answer[] answers = new Answer[questions.size()];
        crew.all(tasks.iterator(), placed -> {
            answers[placed.place()] = placed.answer();
            return true;
        });
        return new Exam(List.of(answers));
    }

    /** The part of it from one question to another, the latter excluded. */
    Exam part(int from, int to) {
        return new Exam(answers.subList(from, to));
    }

    int correct() {
        return (int) answers.stream().filter(Answer::right).count();
    }

    Proportion proportion() {
        return new Proportion(correct(), answers.size());
    }

    double loss() {
        return answers.stream().mapToDouble(Answer::loss).average().orElse(0);
    }

    PairedComparison against(Exam other) {
        int onlyThis = 0;
        int onlyOther = 0;
        for (int i = 0; i < answers.size(); i++) {
            boolean mine = answers.get(i).right();
            boolean theirs = other.answers.get(i).right();
            onlyThis += mine && !theirs ? 1 : 0;
            onlyOther += theirs && !mine ? 1 : 0;
        }
        return new PairedComparison(onlyThis, onlyOther);
    }
}
