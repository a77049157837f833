package org.llmfactory.auth.key;

import java.util.Locale;
import java.util.Map;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;

/** What the ledger is told of keys. */
final class KeyEvents {
    private KeyEvents() {}

    static AuditEvent of(String type, ApiKey key, Actor actor) {
        return AuditEvent.of(type, actor, key.project(), key.id())
                .with(Map.of(
                        "name", key.name(),
                        "kind", lower(key.kind()),
                        "owner", key.owner(),
                        "scopes",
                                key.scope().areas().stream()
                                        .map(KeyEvents::lower)
                                        .sorted()
                                        .toList()));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
