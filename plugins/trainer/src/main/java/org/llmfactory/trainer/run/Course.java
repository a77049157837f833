package org.llmfactory.trainer.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.llmfactory.api.training.Hyperparameters;

/** Which examples each step takes, and after which steps a run is evaluated; decided by the seed alone. */
final class Course {
    private final int examples;
    private final int batchSize;
    private final long seed;
    private final int stepsOfEpoch;
    private final int steps;
    private final TreeSet<Integer> evaluations = new TreeSet<>();

    private int epoch = -1;
    private int[] order = {};

    Course(Hyperparameters hyperparameters, int examples) {
        this.examples = examples;
        this.batchSize = Math.min(hyperparameters.batchSize(), examples);
        this.seed = hyperparameters.seed();
        this.stepsOfEpoch = (examples + batchSize - 1) / batchSize;
        this.steps = Math.multiplyExact(stepsOfEpoch, hyperparameters.epochs());
        int times = Math.min(hyperparameters.evaluations(), steps);
        for (int i = 1; i <= times; i++) {
            evaluations.add((int) Math.round((double) steps * i / times));
        }
    }

    int steps() {
        return steps;
    }

    boolean isEvaluatedAfter(int step) {
        return evaluations.contains(step);
    }

    /**
     * The places of a step's examples. Every pass over the data has an order of its own.
     *
     * @param step 1 for the first
     */
    List<Integer> batch(int step) {
        int wanted = (step - 1) / stepsOfEpoch;
        if (wanted != epoch) {
            epoch = wanted;
            order = shuffled(wanted);
        }
        int from = (step - 1) % stepsOfEpoch * batchSize;
        List<Integer> batch = new ArrayList<>();
        for (int i = from; i < Math.min(from + batchSize, examples); i++) {
            batch.add(order[i]);
        }
        return batch;
    }

    /** Fisher and Yates's shuffle. */
    private int[] shuffled(int pass) {
        int[] shuffled = IntStream.range(0, examples).toArray();
        SplittableRandom random = new SplittableRandom(seed + 0x9E3779B97F4A7C15L * (pass + 1));
        for (int i = examples - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = other;
        }
        return shuffled;
    }
}
