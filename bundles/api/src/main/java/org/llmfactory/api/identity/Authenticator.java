package org.llmfactory.api.identity;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Knows callers by what their requests bring. OSGi service; safe for use by several threads. */
@ProviderType
public interface Authenticator {
    /**
     * Who is calling; empty for credentials that are wrong, unknown, expired, revoked, used from a place they are not for,
     * or for a project their owner is no part of. Takes the same time for each wrong key, and costs no database access
     * for a key that was seen lately.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code PERMISSION_DENIED} for a session's request without its
     *     CSRF token
     */
    Optional<Caller> authenticate(Credentials credentials);
}
