package org.llmfactory.ledger.usage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.llmfactory.api.ledger.UsageEntry;

/** The table of counters. */
public final class UsageTable {
    /** Milliseconds in the unit of the column {@code counted_minute}. */
    public static final long MINUTE = 60_000;

    private static final String UPDATE = "UPDATE usage_minute SET requests = requests + :requests,"
            + " input_tokens = input_tokens + :input, cached_tokens = cached_tokens + :cached,"
            + " output_tokens = output_tokens + :output, audio_millis = audio_millis + :audio"
            + " WHERE counted_minute = :minute AND account = :digest AND chain = :chain";
    private static final String INSERT =
            "INSERT INTO usage_minute (counted_minute, account, chain, endpoint, project, principal,"
                    + " api_key, model, adapters, requests, input_tokens, cached_tokens, output_tokens, audio_millis) VALUES"
                    + " (:minute, :digest, :chain, :endpoint, :project, :principal, :apiKey, :model, :adapters, :requests,"
                    + " :input, :cached, :output, :audio)";

    private UsageTable() {}

    /**
     * One request's use.
     *
     * @param at when it was entered, in milliseconds since 1970
     */
    public record Counted(long at, UsageEntry entry) {}

    private record Counter(long minute, Account account) {}

    /** Counts requests. Only one transaction at a time counts for a chain. */
    public static void add(Handle handle, String chain, List<Counted> requests) {
        Map<Counter, Sums> sums = new HashMap<>();
        for (Counted request : requests) {
            Counter counter = new Counter(request.at() / MINUTE, Account.of(request.entry()));
            sums.merge(counter, Sums.of(request.entry().usage()), Sums::plus);
        }
        if (!sums.isEmpty()) {
            insert(handle, chain, update(handle, chain, List.copyOf(sums.entrySet())));
        }
    }

    /** Tokens of a project from a minute on. */
    public static long tokensUsed(Handle handle, String project, long fromMillis) {
        return handle.createQuery("SELECT COALESCE(SUM(input_tokens + output_tokens), 0) FROM usage_minute"
                        + " WHERE project = :project AND counted_minute >= :minute")
                .bind("project", project)
                .bind("minute", Math.floorDiv(fromMillis, MINUTE))
                .mapTo(Long.class)
                .one();
    }

    /** Adds to counters and returns those that are not there yet. */
    private static List<Map.Entry<Counter, Sums>> update(
            Handle handle, String chain, List<Map.Entry<Counter, Sums>> all) {
        PreparedBatch batch = handle.prepareBatch(UPDATE);
        for (Map.Entry<Counter, Sums> one : all) {
            bind(batch, chain, one.getKey(), one.getValue()).add();
        }
        int[] updated = batch.execute();
        List<Map.Entry<Counter, Sums>> absent = new ArrayList<>();
        for (int i = 0; i < updated.length; i++) {
            if (updated[i] == 0) {
                absent.add(all.get(i));
            }
        }
        return absent;
    }

    private static void insert(Handle handle, String chain, List<Map.Entry<Counter, Sums>> absent) {
        if (absent.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (Map.Entry<Counter, Sums> one : absent) {
            Account account = one.getKey().account();
            bind(batch, chain, one.getKey(), one.getValue())
                    .bind("endpoint", account.endpoint())
                    .bind("project", account.project())
                    .bind("principal", account.principal())
                    .bind("apiKey", account.apiKey().orElse(null))
                    .bind("model", account.model())
                    .bind("adapters", account.adapters())
                    .add();
        }
        batch.execute();
    }

    private static PreparedBatch bind(PreparedBatch batch, String chain, Counter counter, Sums sums) {
        return batch.bind("minute", counter.minute())
                .bind("digest", counter.account().digest())
                .bind("chain", chain)
                .bind("requests", sums.requests())
                .bind("input", sums.input())
                .bind("cached", sums.cached())
                .bind("output", sums.output())
                .bind("audio", sums.audioMillis());
    }
}
