package org.llmfactory.projects.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Pagination.Query;

/** Pages of lists that lie in memory, in both of OpenAI's forms. */
public final class Pages {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;
    private static final int LONG_LIMIT = 1000;

    private Pages() {}

    /**
     * A page whose cursor is called {@code next}, as groups and roles have it.
     *
     * @param next what to send as {@code after} for the page that follows
     */
    public record NextPage<T>(
            String object,
            List<T> data,
            @JsonProperty("first_id") @Nullable String firstId,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {
        public NextPage {
            data = List.copyOf(data);
        }
    }

    /** A page of at most 20 items by default and 100 at the most. */
    public static <T, W> Page<W> of(
            Collection<T> oldestFirst,
            @Nullable String limit,
            @Nullable String after,
            Function<T, String> id,
            Function<T, W> wire) {
        return wire(Pagination.page(List.copyOf(oldestFirst), query(limit, DEFAULT_LIMIT, after, null), id), wire);
    }

    /** A page of at most 100 items by default and 1000 at the most, with {@code next}. */
    public static <T, W> NextPage<W> next(
            Collection<T> oldestFirst,
            @Nullable String limit,
            @Nullable String after,
            @Nullable String order,
            Function<T, String> id,
            Function<T, W> wire) {
        Page<W> page = wire(
                Pagination.page(
                        List.copyOf(oldestFirst),
                        Query.of(limit, MAXIMUM_LIMIT, LONG_LIMIT, after, null, order, false),
                        id),
                wire);
        return new NextPage<>(
                page.object(),
                page.data(),
                page.firstId(),
                page.lastId(),
                page.hasMore(),
                page.hasMore() ? page.lastId() : null);
    }

    /** A page with both cursors, of at most 100 items by default. */
    public static <T, W> Page<W> between(
            Collection<T> inOrder,
            @Nullable String limit,
            @Nullable String after,
            @Nullable String before,
            Function<T, String> id,
            Function<T, W> wire) {
        return wire(Pagination.page(List.copyOf(inOrder), query(limit, MAXIMUM_LIMIT, after, before), id), wire);
    }

    private static Query query(@Nullable String limit, int byDefault, @Nullable String after, @Nullable String before) {
        return Query.of(limit, byDefault, MAXIMUM_LIMIT, after, before, null, false);
    }

    private static <T, W> Page<W> wire(Page<T> page, Function<T, W> wire) {
        return new Page<>(
                page.object(), page.data().stream().map(wire).toList(), page.firstId(), page.lastId(), page.hasMore());
    }
}
