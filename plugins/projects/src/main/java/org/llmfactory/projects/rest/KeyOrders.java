package org.llmfactory.projects.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.rest.JsonFields;

/**
 * Reads what a key is to be, and sees to it that whoever comes with a narrow key gets no wider one: what a request leaves
 * out is as narrow as the key it came with, what it asks for beyond that is refused. Administrators of the organization
 * are not bound, since they could give themselves any right.
 */
public final class KeyOrders {
    private static final int MANY = 1000;
    private static final long LONGEST_LIFE = Duration.ofDays(3650).toSeconds();
    private static final long LONGEST_OVERLAP = Duration.ofDays(30).toSeconds();
    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private final ApiKeys keys;

    public KeyOrders(ApiKeys keys) {
        this.keys = keys;
    }

    /** How long the old secret of a key works on. */
    public static Duration overlap(JsonFields fields) {
        return Duration.ofSeconds(
                fields.longInteger("overlap_seconds", 0, LONGEST_OVERLAP).orElse(0));
    }

    /** When the key expires; never later than the one the request came with. */
    public Optional<Instant> expiry(Caller caller, JsonFields fields) {
        OptionalLong seconds = fields.longInteger("expires_in_seconds", 1, LONGEST_LIFE);
        Optional<Instant> bound = caller.apiKey().flatMap(keys::find).flatMap(ApiKey::expires);
        if (seconds.isEmpty()) {
            return bound;
        }
        Instant end = Instant.now().plusSeconds(seconds.getAsLong());
        if (bound.filter(end::isAfter).isPresent()) {
            throw refused("it would outlive the key that you came with");
        }
        return Optional.of(end);
    }

    /** What the key opens, from the fields that our interface adds to OpenAI's. */
    public KeyScope scope(Caller caller, JsonFields fields) {
        KeyScope own = bound(caller);
        requireNoRates(own);
        boolean publishable = fields.flag("publishable", false);
        KeyScope scope = new KeyScope(
                areas(own, fields, publishable),
                subset(own.models(), fields, "models"),
                subset(own.adapters(), fields, "adapters"),
                addresses(own, fields),
                fields.strings("origins", MANY),
                fields.integer("requests_per_minute", 1, Integer.MAX_VALUE),
                fields.longInteger("tokens_per_minute", 1, MOST_TOKENS));
        if (publishable && scope.origins().isEmpty()) {
            throw fields.missing("origins");
        }
        if (!publishable && !scope.origins().isEmpty()) {
            throw fields.invalid("origins", "only a publishable key is bound to origins");
        }
        return scope;
    }

    /**
     * Refuses to hand out the secret of a key that opens more than the one the request came with.
     *
     * @throws FactoryException {@code PERMISSION_DENIED}
     */
    public void requireNarrower(Caller caller, ApiKey key) {
        KeyScope own = bound(caller);
        KeyScope scope = key.scope();
        requireNoRates(own);
        boolean wider = !own.areas().containsAll(scope.areas())
                || !within(own.models(), scope.models())
                || !within(own.adapters(), scope.adapters())
                || (!own.addresses().isEmpty()
                        && (scope.addresses().isEmpty() || !own.addresses().containsAll(scope.addresses())));
        Optional<Instant> end = caller.apiKey().flatMap(keys::find).flatMap(ApiKey::expires);
        boolean longer = end.isPresent()
                && !caller.apiKey().equals(Optional.of(key.id()))
                && key.expires().map(expires -> expires.isAfter(end.get())).orElse(true);
        if (wider || longer) {
            throw refused("it opens more than the key that you came with");
        }
    }

    private static boolean within(Optional<Set<String>> own, Optional<Set<String>> asked) {
        return own.isEmpty() || asked.filter(own.get()::containsAll).isPresent();
    }

    private static KeyScope bound(Caller caller) {
        return AccessPolicy.allows(caller, Action.MANAGE_ORGANIZATION, Resource.organization())
                ? KeyScope.UNRESTRICTED
                : caller.scope();
    }

    /** Many keys would each have the rate of one. */
    private static void requireNoRates(KeyScope own) {
        if (own.requestsPerMinute().isPresent() || own.tokensPerMinute().isPresent()) {
            throw refused("the key that you came with has limits of its own");
        }
    }

    private static Set<Area> areas(KeyScope own, JsonFields fields, boolean publishable) {
        Set<Area> asked = EnumSet.noneOf(Area.class);
        for (String field : List.of("areas", "scopes")) {
            fields.strings(field, MANY).forEach(word -> asked.add(area(fields, field, word)));
        }
        if (publishable) {
            if (!asked.isEmpty() && !asked.equals(EnumSet.of(Area.INFERENCE))) {
                throw fields.invalid("areas", "a publishable key opens 'inference' alone");
            }
            asked.add(Area.INFERENCE);
        }
        if (asked.isEmpty()) {
            return own.areas();
        }
        if (!own.areas().containsAll(asked)) {
            throw refused("it opens areas that the key you came with does not open");
        }
        return asked;
    }

    private static Area area(JsonFields fields, String field, String word) {
        return Stream.of(Area.values())
                .filter(area -> Inputs.word(area).equals(word))
                .findFirst()
                .orElseThrow(() -> fields.invalid(
                        field,
                        "expected words of "
                                + Stream.of(Area.values()).map(Inputs::word).toList()));
    }

    private static Optional<Set<String>> subset(Optional<Set<String>> own, JsonFields fields, String field) {
        if (!fields.has(field)) {
            return own;
        }
        List<String> asked = fields.strings(field, MANY);
        if (own.isPresent() && !own.get().containsAll(asked)) {
            throw refused("it opens " + field + " that the key you came with does not open");
        }
        return Optional.of(Set.copyOf(asked));
    }

    private static List<String> addresses(KeyScope own, JsonFields fields) {
        Collection<String> asked = fields.strings("addresses", MANY);
        if (asked.isEmpty()) {
            return own.addresses();
        }
        if (!own.addresses().isEmpty() && !own.addresses().containsAll(asked)) {
            throw refused("it works from networks that the key you came with does not work from");
        }
        return List.copyOf(asked);
    }

    private static FactoryException refused(String reason) {
        return new FactoryException(ErrorCode.PERMISSION_DENIED, "You may not have this key: " + reason + ".");
    }
}
