package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** What may come from a project in a minute, by base model. */
@Path("/projects/{project}/rate_limits")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class RateLimitsResource {
    private final Decisions decisions;

    public RateLimitsResource(Administration administration) {
        this.decisions = new Decisions(administration);
    }

    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final int LONGEST_MODEL = 256;

    /** One for each model known here, one for each that has a limit, and the one for all others. */
    @GET
    @Requires(Action.READ_SETTINGS)
    public Page<RateLimitObject> list(
            @PathParam("project") String project,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("before") @Nullable String before) {
        ProjectSettings settings = decisions.of(project);
        Set<String> models = new TreeSet<>(settings.rateLimits().keySet());
        models.addAll(decisions.models());
        models.add(ProjectSettings.ANY_MODEL);
        return Pages.between(
                models,
                limit,
                after,
                before,
                model -> RateLimitObject.PREFIX + model,
                model -> RateLimitObject.of(model, settings));
    }

    /** Changes a limit; what the request leaves out stays as it is. */
    @POST
    @Path("/{limit}")
    @Requires(Action.MANAGE_LIMITS)
    public RateLimitObject update(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("limit") String id,
            ObjectNode body) {
        String model = model(id);
        JsonFields fields = JsonFields.of(body);
        OptionalInt requests = fields.integer("max_requests_per_1_minute", 1, RateLimitObject.UNLIMITED);
        OptionalLong tokens = fields.longInteger("max_tokens_per_1_minute", 1, MOST_TOKENS);
        for (String name : List.of(
                "max_images_per_1_minute",
                "max_audio_megabytes_per_1_minute",
                "max_requests_per_1_day",
                "batch_1_day_max_input_tokens")) {
            if (fields.has(name)) {
                throw fields.unsupported(name, "Requests and tokens in a minute are limited here.");
            }
        }
        if (requests.isEmpty() && tokens.isEmpty()) {
            throw fields.missing("max_requests_per_1_minute");
        }
        decisions.decide(
                security,
                project,
                draft -> draft.rateLimits.put(model, limit(draft.settings().rateLimit(model), requests, tokens)),
                "rate_limit.updated",
                id,
                details(requests, tokens));
        return RateLimitObject.of(model, decisions.of(project));
    }

    private static String model(String id) {
        String model = id.startsWith(RateLimitObject.PREFIX) ? id.substring(RateLimitObject.PREFIX.length()) : "";
        return Lookup.found(
                Optional.of(model).filter(name -> !name.isBlank() && name.length() <= LONGEST_MODEL), "rate limit", id);
    }

    private static RateLimit limit(Optional<RateLimit> before, OptionalInt requests, OptionalLong tokens) {
        return new RateLimit(
                requests.orElseGet(
                        () -> before.map(RateLimit::requestsPerMinute).orElse(RateLimitObject.UNLIMITED)),
                tokens.orElseGet(
                        () -> before.map(RateLimit::tokensPerMinute).orElse((long) RateLimitObject.UNLIMITED)));
    }

    private static Map<String, Object> details(OptionalInt requests, OptionalLong tokens) {
        Map<String, Object> details = new HashMap<>();
        requests.ifPresent(number -> details.put("max_requests_per_1_minute", number));
        tokens.ifPresent(number -> details.put("max_tokens_per_1_minute", number));
        return details;
    }

    /** Takes a model's own limit away: the one for all others holds then. Our extension. */
    @DELETE
    @Path("/{limit}")
    @Requires(Action.MANAGE_LIMITS)
    public Deleted lift(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("limit") String id) {
        String model = model(id);
        decisions.decide(
                security, project, draft -> draft.rateLimits.remove(model), "rate_limit.deleted", id, Map.of());
        return Deleted.of("project.rate_limit.deleted", id);
    }
}
