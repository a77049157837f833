package org.llmfactory.api.ledger;

import java.util.Objects;
import java.util.Optional;

/**
 * One request's use, and to whose account it goes.
 *
 * @param endpoint as {@link org.llmfactory.api.governance.Work#endpoint()}
 * @param project id of the project
 * @param principal id of the user or service account
 * @param apiKey id of the API key
 * @param model id of the base model
 * @param adapters names of the adapters, parted by commas in the order of the mix; empty for the base model alone
 */
public record UsageEntry(
        String endpoint,
        String project,
        String principal,
        Optional<String> apiKey,
        String model,
        String adapters,
        Usage usage) {
    public UsageEntry {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(apiKey, "apiKey");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(adapters, "adapters");
        Objects.requireNonNull(usage, "usage");
    }
}
