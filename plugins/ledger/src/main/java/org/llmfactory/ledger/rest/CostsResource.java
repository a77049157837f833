package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.ledger.usage.Grouping;
import org.llmfactory.ledger.usage.UsageQuery;
import org.llmfactory.ledger.usage.UsageReport;
import org.llmfactory.ledger.usage.Width;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** What use costs, by the day. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class CostsResource {
    private static final String LINE_ITEM = "line_item";
    private static final Set<String> GROUPS = Set.of("project_id", "api_key_id", LINE_ITEM);
    private static final int DEFAULT_LIMIT = 7;
    private static final int MAXIMUM_LIMIT = 180;

    private final Jdbi tables;
    private final Prices prices;
    private final Clock clock;

    /** What costs are told apart by, within a bucket. */
    private record Group(
            @Nullable String lineItem,
            @Nullable String project,
            @Nullable String apiKey,
            @Nullable String unit) {}

    private record Amount(BigDecimal cost, BigDecimal quantity) {
        Amount plus(Amount other) {
            return new Amount(cost.add(other.cost), quantity.add(other.quantity));
        }
    }

    CostsResource(Jdbi tables, Prices prices, Clock clock) {
        this.tables = tables;
        this.prices = prices;
        this.clock = clock;
    }

    @GET
    @Requires(Action.READ_USAGE)
    public UsagePage read(@Context UriInfo uri, @Context SecurityContext security) {
        return read(uri.getQueryParameters(), Callers.of(security));
    }

    UsagePage read(MultivaluedMap<String, String> query, Caller caller) {
        Parameters parameters = new Parameters(query);
        if (!parameters.text("bucket_width").orElse("1d").equals("1d")) {
            throw Parameters.invalid("bucket_width", "'1d'");
        }
        List<String> asked = parameters.list("group_by");
        if (!GROUPS.containsAll(asked)) {
            throw Parameters.invalid("group_by", "some of 'project_id', 'line_item', 'api_key_id'");
        }
        UsageRange range = UsageRange.of(parameters, Width.DAY, parameters.limit(DEFAULT_LIMIT, MAXIMUM_LIMIT), clock);
        UsageQuery usage = new UsageQuery(
                Optional.empty(),
                range.from(),
                range.until(),
                Width.DAY,
                UsageViewer.of(caller),
                parameters.list("project_ids"),
                List.of(),
                parameters.list("api_key_ids"),
                List.of(),
                groups(asked));
        List<UsageReport.Row> rows = tables.withHandle(handle -> new UsageReport(usage).rows(handle));
        return UsagePage.of(range, results(rows, asked.contains(LINE_ITEM)));
    }

    /** By model too: that is what prices go by. */
    private static Set<Grouping> groups(List<String> asked) {
        Set<Grouping> groups = EnumSet.of(Grouping.MODEL);
        asked.forEach(name -> Grouping.of(name).ifPresent(groups::add));
        return groups;
    }

    private Map<Long, List<ObjectNode>> results(List<UsageReport.Row> rows, boolean byItem) {
        Map<Long, Map<Group, Amount>> buckets = new LinkedHashMap<>();
        for (UsageReport.Row row : rows) {
            Map<Group, Amount> amounts = buckets.computeIfAbsent(row.bucket(), index -> new LinkedHashMap<>());
            for (Prices.Item item : Prices.Item.values()) {
                BigDecimal quantity = item.quantity(row.sums());
                if (quantity.signum() != 0) {
                    String model = Objects.requireNonNull(row.group().get(Grouping.MODEL), "model");
                    Amount amount = new Amount(prices.cost(model, item, row.sums()), quantity);
                    amounts.merge(group(row, model, item, byItem), amount, Amount::plus);
                }
            }
        }
        Map<Long, List<ObjectNode>> results = new LinkedHashMap<>();
        buckets.forEach((index, amounts) -> {
            List<ObjectNode> list = new ArrayList<>();
            amounts.forEach((group, amount) -> list.add(result(group, amount)));
            results.put(index, list);
        });
        return results;
    }

    private static Group group(UsageReport.Row row, String model, Prices.Item item, boolean byItem) {
        return new Group(
                byItem ? model + ", " + item.label() : null,
                row.group().get(Grouping.PROJECT),
                row.group().get(Grouping.API_KEY),
                byItem ? item.unit() : null);
    }

    private ObjectNode result(Group group, Amount amount) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("object", "organization.costs.result");
        result.putObject("amount").put("value", amount.cost().doubleValue()).put("currency", prices.currency());
        result.put(LINE_ITEM, group.lineItem());
        result.put("project_id", group.project());
        result.put("api_key_id", group.apiKey());
        if (group.unit() == null) {
            result.putNull("quantity");
        } else {
            result.put("quantity", amount.quantity().doubleValue());
        }
        result.put("quantity_unit", group.unit());
        return result;
    }
}
