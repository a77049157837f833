package org.llmfactory.launcher.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.terminal.Terminal;
import org.llmfactory.launcher.terminal.TextTable;

/** What was used since a time, in buckets, perhaps parted by one dimension. */
public final class UsageReport {
    /** Buckets on a page; the agent gives fewer where that is too many. */
    private static final int PAGE = 1440;

    private static final List<String> COUNTS =
            List.of("num_model_requests", "input_tokens", "input_cached_tokens", "output_tokens");
    private static final List<String> TITLES = List.of("requests", "input", "of it cached", "output");

    /** By what the report is parted. */
    public enum Dimension {
        PROJECT("project_id"),
        USER("user_id"),
        KEY("api_key_id"),
        MODEL("model"),
        ADAPTER("adapter");

        private final String field;

        Dimension(String field) {
            this.field = field;
        }
    }

    private final ObjectNode page;
    private final Optional<Dimension> dimension;

    private UsageReport(ObjectNode page, Optional<Dimension> dimension) {
        this.page = page;
        this.dimension = dimension;
    }

    /**
     * Asks for a report.
     *
     * @param width of a bucket: {@code 1m}, {@code 1h} or {@code 1d}
     */
    public static UsageReport read(AdminClient admin, Instant since, String width, @Nullable Dimension dimension)
            throws InterruptedException {
        List<String> query = new ArrayList<>(List.of(
                "start_time=" + since.getEpochSecond(), "bucket_width=" + AdminClient.encoded(width), "limit=" + PAGE));
        if (dimension != null) {
            query.add("group_by%5B%5D=" + dimension.field);
        }
        String path = AdminClient.organization("usage", "completions") + "?" + String.join("&", query);
        ObjectNode all = Terminal.JSON.createObjectNode().put("object", "page");
        ArrayNode buckets = all.putArray("data");
        String next = "";
        do {
            JsonNode page = admin.agent().get(next.isEmpty() ? path : path + "&page=" + AdminClient.encoded(next));
            page.path("data").forEach(buckets::add);
            next = page.path("has_more").asBoolean() ? page.path("next_page").asText("") : "";
        } while (!next.isEmpty());
        return new UsageReport(all, Optional.ofNullable(dimension));
    }

    /** All buckets, in the API's shape. */
    public ObjectNode page() {
        return page;
    }

    /** A row for each bucket and value in which something was used, and their sum. */
    public List<String> lines() {
        List<String> head = new ArrayList<>(List.of("from"));
        dimension.ifPresent(by -> head.add(by.field.replaceAll("_id$", "").replace('_', ' ')));
        head.addAll(TITLES);
        TextTable table = new TextTable(head);
        long[] sums = new long[COUNTS.size()];
        for (JsonNode bucket : page.path("data")) {
            String from =
                    Instant.ofEpochSecond(bucket.path("start_time").asLong()).toString();
            for (JsonNode result : bucket.path("results")) {
                long[] counts = COUNTS.stream()
                        .mapToLong(count -> result.path(count).asLong())
                        .toArray();
                if (counts[0] > 0) {
                    table.row(
                            row(from, dimension.map(by -> result.path(by.field).asText("")), counts));
                    add(sums, counts);
                }
            }
        }
        table.row(row("in all", dimension.map(by -> ""), sums));
        return table.lines();
    }

    private static void add(long[] sums, long[] counts) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += counts[i];
        }
    }

    private static String[] row(String from, Optional<String> value, long[] counts) {
        List<String> cells = new ArrayList<>(List.of(from));
        value.ifPresent(cells::add);
        for (long count : counts) {
            cells.add(String.valueOf(count));
        }
        return cells.toArray(String[]::new);
    }
}
