package org.llmfactory.api.training;

import java.util.Objects;
import java.util.Optional;

/**
 * All that a run needs. Two runs of the same order on the same kind of machine give the same adapter.
 *
 * @param job the id of the job, unique
 * @param project whose it is
 * @param baseModel id of the base model
 * @param stage what it learns from
 * @param data what it is trained on
 * @param validation what its loss is measured on besides
 * @param hyperparameters how
 * @param place prefix of the keys in the object store under which the run keeps its checkpoints and its state; a run that
 *     finds a state there goes on from it
 */
public record TrainingOrder(
        String job,
        String project,
        String baseModel,
        Stage stage,
        TrainingData data,
        Optional<TrainingData> validation,
        Hyperparameters hyperparameters,
        String place) {
    public TrainingOrder {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(baseModel, "baseModel");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(hyperparameters, "hyperparameters");
        Objects.requireNonNull(place, "place");
    }
}
