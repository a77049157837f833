package org.llmfactory.ledger.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Adds up counters. The conditions are fixed texts; every value is bound. */
public final class UsageReport {
    private static final String COUNTS = "requests, input_tokens, cached_tokens, output_tokens, audio_millis";
    private static final String SUMS = "SUM(requests) AS requests, SUM(input_tokens) AS input_tokens,"
            + " SUM(cached_tokens) AS cached_tokens, SUM(output_tokens) AS output_tokens,"
            + " SUM(audio_millis) AS audio_millis";

    private final UsageQuery query;
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    /**
     * Sums of one bucket and group.
     *
     * @param bucket its index, see {@link Buckets.Bucket}
     * @param group what was told apart; null for use without an API key
     */
    public record Row(long bucket, Map<Grouping, @Nullable String> group, Sums sums) {}

    public UsageReport(UsageQuery query) {
        this.query = query;
        conditions.add("counted_minute >= :from AND counted_minute < :until");
        query.endpoint().ifPresent(endpoint -> conditions.add("endpoint = :endpoint"));
        restrict(query.viewer());
        in("project", "projects", query.projects());
        in("principal", "users", query.users());
        in("api_key", "keys", query.apiKeys());
        in("model", "models", query.models());
    }

    /** The sums that are not empty, by bucket and then by group. */
    public List<Row> rows(Handle handle) {
        List<Grouping> groups = query.groups().stream().sorted().toList();
        String columns = groups.stream().map(group -> ", " + group.column()).collect(Collectors.joining());
        Query statement = handle.createQuery("SELECT bucket" + columns + ", " + SUMS + " FROM (SELECT counted_minute / "
                        + query.width().minutes() + " AS bucket" + columns + ", " + COUNTS
                        + " FROM usage_minute WHERE " + String.join(" AND ", conditions) + ") AS counted"
                        + " GROUP BY bucket" + columns + " ORDER BY bucket" + columns)
                .bind("from", query.from())
                .bind("until", query.until());
        query.endpoint().ifPresent(endpoint -> statement.bind("endpoint", endpoint));
        if (!query.viewer().everything() && !query.viewer().ownIn().isEmpty()) {
            statement.bind("me", query.viewer().principal());
        }
        lists.forEach((name, values) -> statement.bindList(name, values));
        return statement.map((row, context) -> row(row, groups)).list();
    }

    private void restrict(UsageQuery.Viewer viewer) {
        if (viewer.everything()) {
            return;
        }
        String whole = listed("project", "whole", viewer.projects());
        String own = listed("project", "own", viewer.ownIn());
        if (!viewer.ownIn().isEmpty()) {
            own = "(" + own + " AND principal = :me)";
        }
        conditions.add(Stream.of(whole, own).collect(Collectors.joining(" OR ", "(", ")")));
    }

    private void in(String column, String name, List<String> values) {
        if (!values.isEmpty()) {
            conditions.add(listed(column, name, values));
        }
    }

    private String listed(String column, String name, List<String> values) {
        if (values.isEmpty()) {
            return "1 = 0";
        }
        lists.put(name, values);
        return column + " IN (<" + name + ">)";
    }

    private static Row row(ResultSet row, List<Grouping> groups) throws SQLException {
        Map<Grouping, @Nullable String> group = new EnumMap<>(Grouping.class);
        for (Grouping grouping : groups) {
            group.put(grouping, row.getString(grouping.column()));
        }
        Sums sums = new Sums(
                row.getLong("requests"),
                row.getLong("input_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("output_tokens"),
                row.getLong("audio_millis"));
        return new Row(row.getLong("bucket"), group, sums);
    }
}
