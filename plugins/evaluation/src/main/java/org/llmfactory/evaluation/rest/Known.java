package org.llmfactory.evaluation.rest;

import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.evaluation.run.Evaluations;
import org.llmfactory.evaluation.run.Run;

/** The evaluations of the caller's project. What may be done to jobs may be done to evaluations and their runs. */
record Known(Evaluations evaluations) {
    /**
     * An evaluation that the caller may do that to.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND}, or {@code PERMISSION_DENIED}
     */
    Evaluation require(Caller caller, Action action, String id) {
        return AccessPolicy.require(
                caller,
                action,
                evaluations.find(id),
                one -> Resource.owned(one.project(), Resource.Kind.EVALUATION, id, one.owner(), Visibility.PROJECT),
                Resource.Kind.EVALUATION,
                id);
    }

    /**
     * A run of an evaluation that the caller may do that to.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND}, or {@code PERMISSION_DENIED}
     */
    Run requireRun(Caller caller, Action action, String evaluation, String id) {
        return AccessPolicy.require(
                caller,
                action,
                evaluations.run(id).filter(run -> run.evaluation().equals(evaluation)),
                run -> Resource.owned(run.project(), Resource.Kind.EVALUATION_RUN, id, run.owner(), Visibility.PROJECT),
                Resource.Kind.EVALUATION_RUN,
                id);
    }
}
