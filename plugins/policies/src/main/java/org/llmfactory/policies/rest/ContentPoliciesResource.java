package org.llmfactory.policies.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.policies.content.Classifiers;
import org.llmfactory.policies.content.DefinitionJson;
import org.llmfactory.policies.content.PolicyStore;
import org.llmfactory.policies.content.StoredPolicy;
import org.llmfactory.policies.content.Trial;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/**
 * The content policies of the caller's project and of the organization. A policy is called by its id or its name; a
 * project's own goes before the organization's of the same name.
 */
@Path("/")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ContentPoliciesResource {
    private static final int PAGE = 20;
    private static final int LARGEST_PAGE = 100;
    private static final int LONGEST_TRIAL = 100_000;

    private final PolicyStore policies;
    private final Classifiers classifiers;

    ContentPoliciesResource(PolicyStore policies, Classifiers classifiers) {
        this.policies = policies;
        this.classifiers = classifiers;
    }

    @GET
    @Requires(Action.READ_POLICIES)
    public Pagination.Page<ObjectNode> list(
            @Context SecurityContext security,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("before") @Nullable String before,
            @QueryParam("order") @Nullable String order) {
        Pagination.Query query = Pagination.Query.of(limit, PAGE, LARGEST_PAGE, after, before, order, false);
        List<ObjectNode> visible =
                visible(Callers.of(security)).stream().map(PolicyJson::of).toList();
        return Pagination.page(visible, query, policy -> policy.get("id").textValue());
    }

    /** Makes a policy; it does nothing until a project's settings name it. */
    @POST
    @Requires(Action.MANAGE_POLICIES)
    public ObjectNode create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        String name = DefinitionJson.name(fields, "name");
        Optional<String> project = scope(fields, Callers.of(security));
        checkMayManage(Callers.of(security), project, name);
        String definition = DefinitionJson.canonical(fields);
        return PolicyJson.of(policies.create(project, name, definition, Callers.actor(security)));
    }

    /** The newest version, or the one that is asked for. */
    @GET
    @Path("{policy}")
    @Requires(Action.READ_POLICIES)
    public ObjectNode get(
            @Context SecurityContext security,
            @PathParam("policy") String reference,
            @QueryParam("version") @Nullable Integer version) {
        StoredPolicy policy = find(Callers.of(security), reference);
        if (version == null || version == policy.version()) {
            return PolicyJson.of(policy);
        }
        return policies.versions(policy.id()).stream()
                .filter(each -> each.version() == version)
                .findFirst()
                .map(PolicyJson::of)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.POLICY, reference + "@" + version));
    }

    @GET
    @Path("{policy}/versions")
    @Requires(Action.READ_POLICIES)
    public Pagination.Page<ObjectNode> versions(
            @Context SecurityContext security, @PathParam("policy") String reference) {
        StoredPolicy policy = find(Callers.of(security), reference);
        List<ObjectNode> versions =
                policies.versions(policy.id()).stream().map(PolicyJson::of).toList();
        return new Pagination.Page<>("list", versions, policy.id(), policy.id(), false);
    }

    /** Makes the next version, in force at once wherever the policy is named. */
    @POST
    @Path("{policy}")
    @Requires(Action.MANAGE_POLICIES)
    public ObjectNode update(
            @Context SecurityContext security, @PathParam("policy") String reference, ObjectNode body) {
        StoredPolicy policy = find(Callers.of(security), reference);
        checkMayManage(Callers.of(security), policy.project(), reference);
        String definition = DefinitionJson.canonical(JsonFields.of(body));
        return policies.addVersion(policy.id(), definition, Callers.actor(security))
                .map(PolicyJson::of)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.POLICY, reference));
    }

    /** Removes a policy. Projects that still name it are refused everything until they choose another. */
    @DELETE
    @Path("{policy}")
    @Consumes(MediaType.WILDCARD)
    @Requires(Action.MANAGE_POLICIES)
    public ObjectNode delete(@Context SecurityContext security, @PathParam("policy") String reference) {
        StoredPolicy policy = find(Callers.of(security), reference);
        checkMayManage(Callers.of(security), policy.project(), reference);
        if (!policies.delete(policy.id(), Callers.actor(security))) {
            throw Resource.unknown(Resource.Kind.POLICY, reference);
        }
        return PolicyJson.deleted(policy);
    }

    /** Tries a text without entering anything. */
    @POST
    @Path("{policy}/check")
    @Requires(Action.READ_POLICIES)
    public ObjectNode check(@Context SecurityContext security, @PathParam("policy") String reference, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        String text = fields.requiredString("text");
        if (text.length() > LONGEST_TRIAL) {
            throw fields.invalid("text", "expected at most " + LONGEST_TRIAL + " characters");
        }
        String on = fields.string("on").orElse("input");
        StoredPolicy policy = find(Callers.of(security), reference);
        return switch (on) {
            case "input" -> PolicyJson.of(policy, on, Trial.ofInput(policy, classifiers, text));
            case "output" -> PolicyJson.of(policy, on, Trial.ofOutput(policy, classifiers, text));
            default -> throw fields.invalid("on", "expected 'input' or 'output'");
        };
    }

    private static Optional<String> scope(JsonFields fields, Caller caller) {
        return switch (fields.string("scope").orElse("project")) {
            case "project" -> Optional.of(caller.project());
            case "organization" -> Optional.empty();
            default -> throw fields.invalid("scope", "expected 'project' or 'organization'");
        };
    }

    private List<StoredPolicy> visible(Caller caller) {
        return policies.newest().stream()
                .filter(policy -> policy.project().map(caller.project()::equals).orElse(true))
                .toList();
    }

    private StoredPolicy find(Caller caller, String reference) {
        return visible(caller).stream()
                .filter(policy -> policy.id().equals(reference) || policy.name().equals(reference))
                .min(Comparator.comparing(policy -> policy.project().isEmpty()))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.POLICY, reference));
    }

    private static void checkMayManage(Caller caller, Optional<String> project, String reference) {
        Resource policy = new Resource(Resource.Kind.POLICY, reference, project, Optional.empty(), Visibility.PROJECT);
        if (project.isPresent()) {
            AccessPolicy.check(caller, Action.MANAGE_POLICIES, policy);
        } else if (!AccessPolicy.allows(caller, Action.MANAGE_POLICIES, policy)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "You may not do this: the organization's content policies are changed by its owners.");
        }
    }
}
