package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.ledger.chain.AuditFilter;
import org.llmfactory.ledger.chain.AuditSearch;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The audit log, newest first. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditLogsResource {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;

    private final Jdbi tables;
    private final Names names;
    private final AuditLogMapper mapper;

    AuditLogsResource(Jdbi tables, Names names) {
        this.tables = tables;
        this.names = names;
        this.mapper = new AuditLogMapper(names);
    }

    @GET
    @Requires(Action.READ_AUDIT)
    public Page<ObjectNode> list(@Context UriInfo uri, @Context SecurityContext security) {
        return list(uri.getQueryParameters(), Callers.of(security));
    }

    Page<ObjectNode> list(MultivaluedMap<String, String> query, Caller caller) {
        Parameters parameters = new Parameters(query);
        AuditFilter filter = filter(parameters, caller);
        AuditSearch.Found found = tables.withHandle(handle -> find(handle, filter, parameters));
        List<ObjectNode> data = found.entries().stream().map(mapper::toObject).toList();
        List<String> ids =
                found.entries().stream().map(entry -> entry.link().id()).toList();
        return new Page<>(
                "list",
                data,
                ids.isEmpty() ? null : ids.get(0),
                ids.isEmpty() ? null : ids.get(ids.size() - 1),
                found.more());
    }

    private AuditFilter filter(Parameters parameters, Caller caller) {
        return new AuditFilter(
                AuditViewer.visible(caller),
                parameters.list("project_ids"),
                parameters.list("event_types"),
                parameters.flag("include_extensions"),
                actors(parameters),
                parameters.list("resource_ids"),
                from(parameters),
                until(parameters));
    }

    /** Whoever has one of these ids and one of these addresses. */
    private Optional<List<String>> actors(Parameters parameters) {
        List<String> ids = parameters.list("actor_ids");
        List<String> emails = parameters.list("actor_emails");
        if (emails.isEmpty()) {
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids);
        }
        return Optional.of(emails.stream()
                .flatMap(email -> names.userByEmail(email).stream())
                .filter(id -> ids.isEmpty() || ids.contains(id))
                .toList());
    }

    /** Whole seconds are asked for, milliseconds are kept. */
    private static long from(Parameters parameters) {
        OptionalLong after = parameters.time("effective_at[gt]");
        OptionalLong at = parameters.time("effective_at[gte]");
        long afterMillis = after.isPresent() ? (after.getAsLong() + 1) * 1000 : Long.MIN_VALUE;
        return Math.max(afterMillis, at.isPresent() ? at.getAsLong() * 1000 : Long.MIN_VALUE);
    }

    private static long until(Parameters parameters) {
        OptionalLong before = parameters.time("effective_at[lt]");
        OptionalLong at = parameters.time("effective_at[lte]");
        long beforeMillis = before.isPresent() ? before.getAsLong() * 1000 : Long.MAX_VALUE;
        return Math.min(beforeMillis, at.isPresent() ? (at.getAsLong() + 1) * 1000 : Long.MAX_VALUE);
    }

    private static AuditSearch.Found find(Handle handle, AuditFilter filter, Parameters parameters) {
        int limit = parameters.limit(DEFAULT_LIMIT, MAXIMUM_LIMIT);
        Optional<String> after = parameters.text("after");
        Optional<String> before = parameters.text("before");
        AuditSearch search = new AuditSearch(filter);
        if (after.isPresent() && before.isPresent()) {
            throw Parameters.invalid("before", "either 'after' or 'before'");
        }
        if (before.isPresent()) {
            return search.newer(handle, cursor(handle, filter, "before", before.get()), limit);
        }
        return after.isPresent()
                ? search.older(handle, cursor(handle, filter, "after", after.get()), limit)
                : search.newest(handle, limit);
    }

    private static ChainEntry cursor(Handle handle, AuditFilter filter, String name, String id) {
        return AuditSearch.byId(handle, filter.visible(), id)
                .orElseThrow(() -> Parameters.invalid(name, "the id of an entry"));
    }
}
