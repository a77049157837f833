package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.ledger.usage.Buckets;

/** A page of buckets as it is sent. */
public record UsagePage(
        String object,
        List<BucketObject> data,
        @JsonProperty("has_more") boolean hasMore,
        @JsonProperty("next_page") @Nullable String nextPage) {
    /**
     * A bucket as it is sent.
     *
     * @param startTime Unix seconds, inclusive
     * @param endTime Unix seconds, exclusive
     */
    public record BucketObject(
            String object,
            @JsonProperty("start_time") long startTime,
            @JsonProperty("end_time") long endTime,
            List<ObjectNode> results) {
        public BucketObject {
            results = List.copyOf(results);
        }

        static BucketObject of(Buckets.Bucket bucket, List<ObjectNode> results) {
            return new BucketObject("bucket", bucket.from() * 60, bucket.until() * 60, results);
        }
    }

    public UsagePage {
        data = List.copyOf(data);
    }

    /**
     * All buckets of a range, those without use too.
     *
     * @param results by the bucket's index
     */
    static UsagePage of(UsageRange range, Map<Long, List<ObjectNode>> results) {
        List<BucketObject> data = range.buckets().buckets().stream()
                .map(bucket -> BucketObject.of(bucket, results.getOrDefault(bucket.index(), List.of())))
                .toList();
        return new UsagePage(
                "page", data, range.nextPage().isPresent(), range.nextPage().orElse(null));
    }
}
