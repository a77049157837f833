package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.project.Budget;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The tokens that a project may spend: our extension, since nothing is paid in money here. */
@Path("/projects/{project}/budget")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class BudgetResource {
    private final Decisions decisions;

    public BudgetResource(Administration administration) {
        this.decisions = new Decisions(administration);
    }

    private static final long MOST_TOKENS = 1_000_000_000_000_000L;

    /**
     * A budget and what is left of it; null where nothing is bound.
     *
     * @param used tokens used since the period began
     * @param startedAt when the period began, in seconds
     * @param endsAt when it begins anew
     */
    public record BudgetObject(
            String object,
            @Nullable Long tokens,
            @Nullable String period,
            @Nullable Long used,
            @Nullable Long startedAt,
            @Nullable Long endsAt) {}

    @GET
    @Requires(Action.READ_SETTINGS)
    public BudgetObject get(@PathParam("project") String project) {
        return decisions
                .of(project)
                .budget()
                .map(budget -> shown(project, budget))
                .orElseGet(() -> new BudgetObject("project.budget", null, null, null, null, null));
    }

    private BudgetObject shown(String project, Budget budget) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate first = budget.period() == Budget.Period.DAY ? today : today.withDayOfMonth(1);
        LocalDate next = budget.period() == Budget.Period.DAY ? first.plusDays(1) : first.plusMonths(1);
        Instant start = first.atStartOfDay(ZoneOffset.UTC).toInstant();
        return new BudgetObject(
                "project.budget",
                budget.tokens(),
                Inputs.word(budget.period()),
                decisions.used(project, start),
                start.getEpochSecond(),
                next.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    }

    @POST
    @Requires(Action.MANAGE_LIMITS)
    public BudgetObject update(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        OptionalLong tokens = fields.longInteger("tokens", 0, MOST_TOKENS);
        if (tokens.isEmpty()) {
            throw fields.missing("tokens");
        }
        Budget.Period period =
                Inputs.optionalWord(fields, "period", Budget.Period.class).orElse(Budget.Period.MONTH);
        decide(security, project, Optional.of(new Budget(tokens.getAsLong(), period)));
        return get(project);
    }

    /** Nothing is bound any more. */
    @DELETE
    @Requires(Action.MANAGE_LIMITS)
    public Deleted lift(@Context SecurityContext security, @PathParam("project") String project) {
        decide(security, project, Optional.empty());
        return Deleted.of("project.budget.deleted", project);
    }

    private void decide(SecurityContext security, String project, Optional<Budget> budget) {
        Map<String, Object> details = new HashMap<>();
        budget.ifPresent(bound -> {
            details.put("tokens", bound.tokens());
            details.put("period", Inputs.word(bound.period()));
        });
        decisions.decide(security, project, draft -> draft.budget = budget, "budget.updated", project, details);
    }
}
