package org.llmfactory.api.identity;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Knows callers by their API keys. OSGi service; safe for use by several threads. */
@ProviderType
public interface Authenticator {
    /** The owner of a key; empty for a wrong, unknown or revoked one. Takes the same time for each wrong key. */
    Optional<Caller> authenticate(String apiKey);
}
