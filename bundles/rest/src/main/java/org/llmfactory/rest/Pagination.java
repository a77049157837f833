package org.llmfactory.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** OpenAI's cursor pages over a list that is at hand. */
public final class Pagination {
    private Pagination() {}

    /**
     * What the query string asks for.
     *
     * @param limit items on a page, at least 1
     * @param after id of the item before the page, or null
     * @param before id of the item behind the page, or null
     * @param descending newest first
     */
    public record Query(
            int limit, @Nullable String after, @Nullable String before, boolean descending) {
        /**
         * Reads the parameters as they come.
         *
         * @param limit as sent, or null; values outside 1 to {@code maximum} are brought inside
         * @throws FactoryException {@code INVALID_VALUE} for an order that is neither {@code asc} nor {@code desc}, and
         *     for a limit that is no number
         */
        public static Query of(
                @Nullable String limit,
                int defaultLimit,
                int maximum,
                @Nullable String after,
                @Nullable String before,
                @Nullable String order,
                boolean descendingByDefault) {
            return new Query(
                    limit(limit, defaultLimit, maximum), after, before, descending(order, descendingByDefault));
        }

        private static int limit(@Nullable String limit, int defaultLimit, int maximum) {
            if (limit == null || limit.isEmpty()) {
                return defaultLimit;
            }
            try {
                return (int) Math.max(1, Math.min(maximum, Long.parseLong(limit)));
            } catch (NumberFormatException failure) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE, "limit", "Invalid 'limit': expected a whole number.");
            }
        }

        private static boolean descending(@Nullable String order, boolean byDefault) {
            if (order == null || order.isEmpty()) {
                return byDefault;
            }
            return switch (order) {
                case "asc" -> false;
                case "desc" -> true;
                default ->
                    throw FactoryException.ofParameter(
                            ErrorCode.INVALID_VALUE, "order", "Invalid 'order': expected 'asc' or 'desc'.");
            };
        }
    }

    /** A page as every list endpoint sends it. */
    public record Page<T>(
            String object,
            List<T> data,
            @JsonProperty("first_id") @Nullable String firstId,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") boolean hasMore) {
        public Page {
            data = List.copyOf(data);
        }

        /** The same page of other things, for what is costly to describe. */
        public <R> Page<R> map(Function<T, R> change) {
            return new Page<>(object, data.stream().map(change).toList(), firstId, lastId, hasMore);
        }
    }

    /**
     * Cuts a page.
     *
     * @param oldestFirst everything there is
     * @param id gives an item's id
     * @throws FactoryException {@code INVALID_VALUE} when the cursor names no item
     */
    public static <T> Page<T> page(List<T> oldestFirst, Query query, Function<T, String> id) {
        List<T> items = new ArrayList<>(oldestFirst);
        if (query.descending()) {
            Collections.reverse(items);
        }
        int from = query.after() == null ? 0 : indexOf(items, query.after(), "after", id) + 1;
        int to = query.before() == null ? items.size() : indexOf(items, query.before(), "before", id);
        List<T> rest = items.subList(Math.min(from, to), to);
        List<T> data = rest.subList(0, Math.min(query.limit(), rest.size()));
        return new Page<>(
                "list",
                data,
                data.isEmpty() ? null : id.apply(data.get(0)),
                data.isEmpty() ? null : id.apply(data.get(data.size() - 1)),
                rest.size() > data.size());
    }

    private static <T> int indexOf(List<T> items, String cursor, String parameter, Function<T, String> id) {
        for (int i = 0; i < items.size(); i++) {
            if (id.apply(items.get(i)).equals(cursor)) {
                return i;
            }
        }
        throw FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, parameter, "Invalid '" + parameter + "': there is no item with this id.");
    }
}
