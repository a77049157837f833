package org.llmfactory.sysinfo.report;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.AgentReport.TrainerReport;
import org.llmfactory.api.training.Trainer;

/** The trainers that compute on this agent. */
final class LocalTrainers {
    private final List<Trainer> trainers = new CopyOnWriteArrayList<>();

    void add(Trainer trainer) {
        trainers.add(trainer);
    }

    void remove(Trainer trainer) {
        trainers.remove(trainer);
    }

    /** What they can train now. */
    List<TrainerReport> reports() {
        return trainers.stream()
                .map(trainer ->
                        new TrainerReport(trainer.models().stream().sorted().toList(), trainer.capacity()))
                .toList();
    }
}
