package org.llmfactory.api.identity.testing;

import java.util.Optional;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;

final class InMemoryApiKeysTest extends ApiKeysContract {
    private final InMemoryApiKeys keys = new InMemoryApiKeys();

    @Override
    protected ApiKeys keys() {
        return keys;
    }

    @Override
    protected Optional<String> opened(String value) {
        return keys.opened(value).map(ApiKey::id);
    }
}
