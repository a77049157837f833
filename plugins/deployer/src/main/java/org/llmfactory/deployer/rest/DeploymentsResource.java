package org.llmfactory.deployer.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.deployer.description.DescriptionSchema;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Goal.Phase;
import org.llmfactory.deployer.reconcile.Worlds;
import org.llmfactory.deployer.rest.Resolution.Resolved;
import org.llmfactory.deployer.state.DeploymentStore;
import org.llmfactory.deployer.state.Revision;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** What is to run where; for administrators. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DeploymentsResource {
    private final DeploymentStore store;
    private final Worlds worlds;
    private final Resolution resolution;
    private final DescriptionSchema schema;

    DeploymentsResource(DeploymentStore store, Worlds worlds, Resolution resolution, DescriptionSchema schema) {
        this.store = store;
        this.worlds = worlds;
        this.resolution = resolution;
        this.schema = schema;
    }

    /** All deployments. */
    public record DeploymentList(String object, List<DeploymentObject> data) {}

    /** A deployment's revisions. */
    public record RevisionList(String object, List<RevisionObject> data) {}

    /**
     * A revision.
     *
     * @param outcome {@code rolling}, {@code deployed}, {@code failed} or {@code superseded}
     * @param copiedFrom the revision whose content it brings back; 0 when it was written
     */
    public record RevisionObject(
            String object, int revision, String outcome, String reason, int copiedFrom, String author, long createdAt) {
        static RevisionObject of(Revision revision) {
            return new RevisionObject(
                    "deployment.revision",
                    revision.number(),
                    revision.outcome().name().toLowerCase(Locale.ROOT),
                    revision.reason(),
                    revision.copiedFrom(),
                    revision.author(),
                    revision.created().getEpochSecond());
        }
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public DeploymentList list() {
        Worlds.View view = worlds.view();
        return new DeploymentList(
                "list",
                view.everything().deployments().stream()
                        .flatMap(deployment ->
                                Optional.ofNullable(
                                        view.everything().revisions().get(deployment.name()))
                                        .stream())
                        .map(revision -> DeploymentObject.of(view.world(), revision, List.of()))
                        .toList());
    }

    /** The JSON schema of descriptions. */
    @GET
    @Path("schema")
    @Produces("application/schema+json")
    @Requires(Action.OPERATE_PLATFORM)
    public String schema() {
        return schema.text();
    }

    /** Says what a description would do, and does nothing. */
    @POST
    @Path("plan")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.OPERATE_PLATFORM)
    public PlanObject plan(ObjectNode written) {
        Resolved resolved = resolution.resolve(written);
        int revision = store.revisions(resolved.name()).stream()
                        .mapToInt(Revision::number)
                        .max()
                        .orElse(0)
                + 1;
        Goal goal = Goal.of(resolved.reading().description(), resolved.pins(), revision, Phase.ROLLING);
        return PlanObject.of(worlds.with(goal), goal, resolved.reading().ignored());
    }

    @GET
    @Path("{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public DeploymentObject show(@PathParam("name") String name) {
        return show(name, List.of());
    }

    @GET
    @Path("{name}/revisions")
    @Requires(Action.OPERATE_PLATFORM)
    public RevisionList revisions(@PathParam("name") String name) {
        List<Revision> revisions = store.revisions(name);
        if (revisions.isEmpty()) {
            throw unknown(name);
        }
        return new RevisionList(
                "list", revisions.stream().map(RevisionObject::of).toList());
    }

    /** Makes a description hold. */
    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.OPERATE_PLATFORM)
    public DeploymentObject apply(
            @Context SecurityContext security, @PathParam("name") String name, ObjectNode written) {
        Resolved resolved = resolution.resolve(written);
        if (!resolved.name().equals(name)) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "name",
                    "Invalid 'name': the description is that of '" + resolved.name() + "', not of '" + name + "'.");
        }
        store.apply(name, resolved.reading().document().toString(), resolved.pins(), Callers.actor(security));
        return show(name, resolved.reading().ignored());
    }

    /** Goes back to the revision before. */
    @POST
    @Path("{name}/rollback")
    @Requires(Action.OPERATE_PLATFORM)
    public DeploymentObject rollBack(@Context SecurityContext security, @PathParam("name") String name) {
        store.rollBack(name, Callers.actor(security));
        return show(name, List.of());
    }

    @DELETE
    @Path("{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public DeploymentObject remove(@Context SecurityContext security, @PathParam("name") String name) {
        store.remove(name, Callers.actor(security));
        return show(name, List.of());
    }

    private DeploymentObject show(String name, List<String> ignored) {
        Worlds.View view = worlds.view();
        return Optional.ofNullable(view.everything().revisions().get(name))
                .map(revision -> DeploymentObject.of(view.world(), revision, ignored))
                .orElseThrow(() -> unknown(name));
    }

    private static FactoryException unknown(String name) {
        return new FactoryException(ErrorCode.NOT_FOUND, "There is no deployment '" + name + "'.");
    }
}
