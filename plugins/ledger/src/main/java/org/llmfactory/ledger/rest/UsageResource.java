package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.ledger.usage.Grouping;
import org.llmfactory.ledger.usage.UsageQuery;
import org.llmfactory.ledger.usage.UsageReport;
import org.llmfactory.ledger.usage.Width;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** Use in buckets of time. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class UsageResource {
    /** Shown on every result, null where they were not told apart. */
    private static final List<Grouping> SHOWN =
            List.of(Grouping.PROJECT, Grouping.USER, Grouping.API_KEY, Grouping.MODEL);

    private final Jdbi tables;
    private final Clock clock;

    UsageResource(Jdbi tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    @GET
    @Path("{kind}")
    @Requires(Action.READ_USAGE)
    public UsagePage read(@PathParam("kind") String kind, @Context UriInfo uri, @Context SecurityContext security) {
        return read(kind, uri.getQueryParameters(), Callers.of(security));
    }

    UsagePage read(String path, MultivaluedMap<String, String> parameters, Caller caller) {
        UsageKind kind = UsageKind.of(path)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "There is no usage of '" + path + "'; see the API reference."));
        return read(kind, new Parameters(parameters), caller);
    }

    private UsagePage read(UsageKind kind, Parameters parameters, Caller caller) {
        Width width = parameters
                .text("bucket_width")
                .map(code -> Width.of(code).orElseThrow(() -> Parameters.invalid("bucket_width", "'1m', '1h' or '1d'")))
                .orElse(Width.DAY);
        int limit = parameters.limit(width.defaultLimit(), width.maximumLimit());
        UsageRange range = UsageRange.of(parameters, width, limit, clock);
        List<String> asked = parameters.list("group_by");
        Set<Grouping> groups = groups(kind, asked);
        if (isForBatches(parameters)) {
            return UsagePage.of(range, Map.of());
        }
        UsageQuery query = new UsageQuery(
                Optional.of(kind.endpoint()),
                range.from(),
                range.until(),
                width,
                UsageViewer.of(caller),
                parameters.list("project_ids"),
                parameters.list("user_ids"),
                parameters.list("api_key_ids"),
                parameters.list("models"),
                groups);
        Map<Long, List<ObjectNode>> results = tables.withHandle(handle -> new UsageReport(query).rows(handle)).stream()
                .collect(Collectors.groupingBy(
                        UsageReport.Row::bucket,
                        Collectors.mapping(row -> result(kind, row, asked), Collectors.toList())));
        return UsagePage.of(range, results);
    }

    private static Set<Grouping> groups(UsageKind kind, List<String> asked) {
        return asked.stream()
                .filter(name -> !kind.notToldApart().contains(name))
                .map(name -> Grouping.of(name)
                        .orElseThrow(() -> Parameters.invalid("group_by", "some of " + groupings(kind))))
                .collect(Collectors.toSet());
    }

    private static String groupings(UsageKind kind) {
        return Stream.concat(Stream.of(Grouping.values()).map(Grouping::field), kind.notToldApart().stream())
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }

    /** Nothing is done in batches here. */
    private static boolean isForBatches(Parameters parameters) {
        return parameters.flag("batch");
    }

    private static ObjectNode result(UsageKind kind, UsageReport.Row row, List<String> asked) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("object", kind.object());
        kind.write(result, row.sums());
        SHOWN.forEach(group -> result.put(group.field(), row.group().get(group)));
        if (row.group().containsKey(Grouping.ADAPTER)) {
            result.put(Grouping.ADAPTER.field(), row.group().get(Grouping.ADAPTER));
        }
        kind.notToldApart().forEach(result::putNull);
        if (asked.contains("batch")) {
            result.put("batch", false);
        }
        if (asked.contains("service_tier")) {
            result.put("service_tier", "default");
        }
        return result;
    }
}
