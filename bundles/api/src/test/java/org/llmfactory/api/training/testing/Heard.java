package org.llmfactory.api.training.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;

/** A listener that keeps what it hears, each event as a few words. */
public final class Heard implements TrainingListener {
    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    /** The next events; {@code nothing} for each that does not come within ten seconds. */
    public List<String> next(int count) throws InterruptedException {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String word = words.poll(10, TimeUnit.SECONDS);
            next.add(word == null ? "nothing" : word);
        }
        return next;
    }

    @Override
    public void planned(TrainingPlan plan) {
        words.add("planned " + plan.firstStep());
    }

    @Override
    public void stepped(StepReport report) {
        words.add("step " + report.step());
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        words.add("saved " + checkpoint.step());
    }

    @Override
    public void ended(TrainingEnd end) {
        words.add(end.name());
    }

    @Override
    public void failed(FactoryException failure) {
        words.add("failed " + failure.getMessage());
    }

    /** Some order of a project, to be done at {@code runs/1} from the data {@code k}. */
    public static TrainingOrder order(String project) {
        return new TrainingOrder(
                "job",
                project,
                "tiny",
                Stage.SUPERVISED,
                new TrainingData("k", "f", "d"),
                Optional.empty(),
                new Hyperparameters(
                        1,
                        1,
                        1e-4,
                        Hyperparameters.Schedule.LINEAR,
                        0,
                        0,
                        1,
                        128,
                        1,
                        1,
                        0,
                        0.1,
                        LoraParameters.defaults()),
                "runs/1");
    }
}
