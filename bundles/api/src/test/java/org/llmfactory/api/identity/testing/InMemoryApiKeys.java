package org.llmfactory.api.identity.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Actor;

/** Keys in a map. */
public final class InMemoryApiKeys implements ApiKeys {
    private final Map<String, ApiKey> keys = new LinkedHashMap<>();

    @Override
    public synchronized Issued issue(Order order, Actor actor) {
        String id = "key_" + UUID.randomUUID().toString().replace("-", "");
        String secret = order.kind().prefix() + UUID.randomUUID();
        ApiKey key = new ApiKey(
                id,
                order.kind(),
                order.name(),
                redacted(secret),
                order.owner(),
                order.project(),
                order.scope(),
                Instant.now(),
                order.expires(),
                Optional.empty());
        keys.put(id, key);
        return new Issued(key, secret);
    }

    private static String redacted(String secret) {
        return secret.substring(0, 8) + "..." + secret.substring(secret.length() - 4);
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
        return find(id).map(key -> new Issued(key, key.kind().prefix() + UUID.randomUUID()));
    }

    @Override
    public synchronized boolean revoke(String id, Actor actor) {
        return keys.remove(id) != null;
    }

    @Override
    public synchronized void revokeAll(String owner, Optional<String> project, Actor actor) {
        keys.values()
                .removeIf(key -> key.owner().equals(owner)
                        && (project.isEmpty() || key.project().equals(project)));
    }

    @Override
    public synchronized void revokeProject(String project, Actor actor) {
        keys.values().removeIf(key -> key.project().equals(Optional.of(project)));
    }
}
