package org.llmfactory.finetuning.rest;

import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;

/** The jobs of the caller's project. */
record KnownJobs(JobStore store) {
    /**
     * A job that the caller may do that to.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND}, or {@code PERMISSION_DENIED}
     */
    Job require(Caller caller, Action action, String id) {
        return AccessPolicy.require(caller, action, store.find(id), KnownJobs::resource, Resource.Kind.JOB, id);
    }

    static Resource resource(Job job) {
        return Resource.owned(job.project(), Resource.Kind.JOB, job.id(), job.owner(), Visibility.PROJECT);
    }
}
