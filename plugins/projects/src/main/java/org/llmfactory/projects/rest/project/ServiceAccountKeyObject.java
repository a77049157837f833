package org.llmfactory.projects.rest.project;

import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.projects.rest.Seconds;

/** A service account's new key, with its secret. */
public record ServiceAccountKeyObject(
        String object,
        String id,
        String name,
        String value,
        long createdAt,
        @Nullable Long expiresAt) {
    static ServiceAccountKeyObject of(ApiKeys.Issued issued) {
        ApiKey key = issued.key();
        return new ServiceAccountKeyObject(
                "organization.project.service_account.api_key",
                key.id(),
                key.name(),
                issued.value(),
                Seconds.of(key.created()),
                Seconds.of(key.expires()));
    }

    /** Does not tell the secret. */
    @Override
    public String toString() {
        return "ServiceAccountKeyObject[" + id + "]";
    }
}
