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
        Evaluation found = in(caller, id);
        check(caller, action, Resource.Kind.EVALUATION, id, found.owner());
        return found;
    }

    /**
     * A run that the caller may do that to.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND}, or {@code PERMISSION_DENIED}
     */
    Run requireRun(Caller caller, Action action, String evaluation, String id) {
        Run found = evaluations
                .run(id)
                .filter(run -> run.evaluation().equals(in(caller, evaluation).id()))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.EVALUATION_RUN, id));
        check(caller, action, Resource.Kind.EVALUATION_RUN, id, found.owner());
        return found;
    }

    private Evaluation in(Caller caller, String id) {
        return evaluations
                .find(id)
                .filter(found -> found.project().equals(caller.project()))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.EVALUATION, id));
    }

    private static void check(Caller caller, Action action, Resource.Kind kind, String id, String owner) {
        AccessPolicy.check(caller, action, Resource.owned(caller.project(), kind, id, owner, Visibility.PROJECT));
    }
}
