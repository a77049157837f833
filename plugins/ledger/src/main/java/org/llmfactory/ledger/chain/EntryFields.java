package org.llmfactory.ledger.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;

/** What an entry's text says, as the columns beside it repeat it. */
public final class EntryFields {
    private static final int TYPE = 100;
    private static final int PROJECT = 100;
    private static final int ACTOR = 200;
    private static final int API_KEY = 100;
    private static final int RESOURCE = 200;

    private EntryFields() {}

    /** The place that an entry claims. */
    public static ChainEntry.Link link(JsonNode entry) {
        return new ChainEntry.Link(
                entry.path("chain").asText(),
                entry.path("sequence").asLong(),
                entry.path("id").asText(),
                entry.path("at").asLong());
    }

    /** What an entry is searched by. */
    public static ChainEntry.Index index(JsonNode entry) {
        JsonNode actor = entry.path("actor");
        String type = entry.path("type").asText();
        return new ChainEntry.Index(
                EventTypes.isStandard(type),
                cut(type, TYPE),
                text(entry, "project").map(project -> cut(project, PROJECT)),
                cut(actor.path("id").asText(), ACTOR),
                text(actor, "api_key").map(key -> cut(key, API_KEY)),
                text(entry, "resource").map(resource -> cut(resource, RESOURCE)));
    }

    /** What an event will be searched by; the same as {@link #index(JsonNode)} reads from its entry. */
    public static ChainEntry.Index index(AuditEvent event) {
        return new ChainEntry.Index(
                EventTypes.isStandard(event.type()),
                cut(event.type(), TYPE),
                event.project().map(project -> cut(project, PROJECT)),
                cut(event.actor().id(), ACTOR),
                event.actor().apiKey().map(key -> cut(key, API_KEY)),
                event.resource().map(resource -> cut(resource, RESOURCE)));
    }

    /** The use that an entry tells of, if it does. */
    public static Optional<UsageEntry> usage(JsonNode entry) {
        JsonNode usage = entry.path("usage");
        if (!usage.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new UsageEntry(
                usage.path("endpoint").asText(),
                usage.path("project").asText(),
                usage.path("principal").asText(),
                text(usage, "api_key"),
                usage.path("model").asText(),
                usage.path("adapters").asText(),
                new Usage(
                        usage.path("input_tokens").asLong(),
                        usage.path("cached_tokens").asLong(),
                        usage.path("output_tokens").asLong(),
                        usage.path("seconds").asDouble())));
    }

    /** A field that may be absent. */
    public static Optional<String> text(JsonNode object, String name) {
        return object.hasNonNull(name) ? Optional.of(object.get(name).asText()) : Optional.empty();
    }

    static String kind(Actor.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Fits a column, which is as long as this and takes neither NUL nor half a character in every product. */
    public static String cut(String value, int length) {
        StringBuilder clean = new StringBuilder(Math.min(value.length(), length));
        value.codePoints()
                .map(EntryFields::clean)
                .limit(length)
                .takeWhile(point -> clean.length() + Character.charCount(point) <= length)
                .forEachOrdered(clean::appendCodePoint);
        return clean.toString();
    }

    private static int clean(int point) {
        boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return half || point == 0 ? '?' : point;
    }
}
