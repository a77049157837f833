package org.llmfactory.api.identity.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Actor;

/** Keys in a map. */
public final class InMemoryApiKeys implements ApiKeys {
    private final Map<String, ApiKey> keys = new LinkedHashMap<>();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    private record Secret(String key, Instant end) {}

    @Override
    public synchronized Issued issue(Order order, Actor actor) {
        check(order);
        String id = "key_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        String value = value(order.kind());
        ApiKey key = new ApiKey(
                id,
                order.kind(),
                order.name(),
                redacted(order.kind(), value),
                order.owner(),
                order.project(),
                order.scope(),
                Instant.now(),
                order.expires(),
                Optional.empty());
        keys.put(id, key);
        secrets.put(value, new Secret(id, order.expires().orElse(Instant.MAX)));
        return new Issued(key, value);
    }

    private static void check(Order order) {
        if (order.name().isBlank() || order.name().length() > 256) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Invalid 'name'.");
        }
        if (order.expires().filter(Instant.now()::isAfter).isPresent()) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Invalid expiry: it has passed.");
        }
        boolean publishable = order.kind() == ApiKey.Kind.PUBLISHABLE;
        if (publishable == order.scope().origins().isEmpty()) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Publishable keys have origins, others none.");
        }
        Predicate<String> malformed =
                address -> address.chars().anyMatch(c -> Character.digit(c, 16) < 0 && ".:/".indexOf(c) < 0);
        if (order.scope().addresses().stream().anyMatch(malformed)) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Invalid network.");
        }
        if (order.scope().origins().stream().anyMatch(origin -> !origin.matches("https?://[^/]+"))) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Invalid origin.");
        }
    }

    private static String value(ApiKey.Kind kind) {
        return kind.prefix() + UUID.randomUUID().toString().replace("-", "") + UUID.randomUUID();
    }

    private static String redacted(ApiKey.Kind kind, String value) {
        return kind.prefix() + "..." + value.substring(value.length() - 4);
    }

    /** The key that a value opens; empty for a wrong, revoked or expired one. */
    public synchronized Optional<ApiKey> opened(String value) {
        return Optional.ofNullable(secrets.get(value))
                .filter(secret -> Instant.now().isBefore(secret.end()))
                .map(secret -> keys.get(secret.key()));
    }

    @Override
    public synchronized Optional<ApiKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public synchronized List<ApiKey> list(Optional<String> project) {
        return keys.values().stream()
                .filter(key -> key.project().equals(project))
                .toList();
    }

    @Override
    public synchronized Optional<Issued> rotate(String id, Duration overlap, Actor actor) {
        if (overlap.isNegative() || overlap.compareTo(Duration.ofDays(30)) > 0) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "Invalid overlap: expected zero to 30 days.");
        }
        return find(id).map(key -> rotate(key, Instant.now().plus(overlap)));
    }

    private Issued rotate(ApiKey key, Instant end) {
        secrets.replaceAll((value, secret) ->
                secret.key().equals(key.id()) && end.isBefore(secret.end()) ? new Secret(key.id(), end) : secret);
        String value = value(key.kind());
        secrets.put(value, new Secret(key.id(), key.expires().orElse(Instant.MAX)));
        ApiKey renewed = new ApiKey(
                key.id(),
                key.kind(),
                key.name(),
                redacted(key.kind(), value),
                key.owner(),
                key.project(),
                key.scope(),
                key.created(),
                key.expires(),
                key.lastUsed());
        keys.put(key.id(), renewed);
        return new Issued(renewed, value);
    }

    @Override
    public synchronized boolean revoke(String id, Actor actor) {
        return revokeWhere(key -> key.id().equals(id));
    }

    @Override
    public synchronized void revokeAll(String owner, Optional<String> project, Actor actor) {
        revokeWhere(key ->
                key.owner().equals(owner) && (project.isEmpty() || key.project().equals(project)));
    }

    @Override
    public synchronized void revokeProject(String project, Actor actor) {
        revokeWhere(key -> key.project().equals(Optional.of(project)));
    }

    private boolean revokeWhere(Predicate<ApiKey> which) {
        return keys.values().removeIf(which);
    }
}
