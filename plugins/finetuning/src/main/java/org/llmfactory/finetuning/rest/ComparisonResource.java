package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.record.Comparison;
import org.llmfactory.finetuning.record.RunRecord;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Ours: runs side by side. */
@Path("compare")
@Produces(MediaType.APPLICATION_JSON)
public final class ComparisonResource {
    private static final int MOST = 20;

    private final JobStore jobs;

    ComparisonResource(JobStore jobs) {
        this.jobs = jobs;
    }

    /** What was alike in jobs, what was not, and what came of it; the ids are parted by commas. */
    @GET
    @Requires(Action.READ_JOB)
    public ObjectNode compare(@Context SecurityContext security, @QueryParam("jobs") @Nullable String ids) {
        Caller caller = Callers.of(security);
        List<String> wanted = ids == null
                ? List.of()
                : Arrays.stream(ids.split(",", -1)).map(String::strip).toList();
        if (wanted.size() < 2 || wanted.size() > MOST) {
            throw JsonFields.invalidAt("jobs", "expected 2 to " + MOST + " ids of jobs, parted by commas");
        }
        KnownJobs known = new KnownJobs(jobs);
        return Comparison.of(wanted.stream()
                .map(id -> RunRecord.of(known.require(caller, Action.READ_JOB, id), jobs))
                .toList());
    }
}
