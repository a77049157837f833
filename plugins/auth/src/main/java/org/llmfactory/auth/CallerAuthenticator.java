package org.llmfactory.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.database.Sha256;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Knows whoever holds the key file of the home, always; and everyone whom the database knows, while it is there. The key itself is
 * not kept in memory.
 */
@Component
public final class CallerAuthenticator implements Authenticator {
    private final byte[] platformKey;

    // Dynamic, so that the platform can be operated while the database or the directory is away.
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable StoredCallers stored;

    /**
     * Reads the platform's key, or makes one.
     *
     * @throws IOException when there is no key to be had; nobody is let in then
     */
    @Activate
    public CallerAuthenticator(@Reference Home home) throws IOException {
        this.platformKey = sha256(Credentials.folded(AdminKeyFile.readOrCreate(home.administratorKey())));
    }

    @Override
    public Optional<Caller> authenticate(Credentials credentials) {
        StoredCallers present = stored;
        Optional<String> key = credentials.apiKey();
        if (key.isPresent()) {
            if (isPlatformKey(key.get())) {
                return platform(credentials.project(), present);
            }
            return present == null ? Optional.empty() : present.byKey(key.get(), credentials);
        }
        return present == null
                ? Optional.empty()
                : credentials.session().flatMap(session -> present.bySession(session, credentials));
    }

    /** Both in one case; digests have the same length whatever is sent, and all of it is compared. */
    private boolean isPlatformKey(String key) {
        return MessageDigest.isEqual(platformKey, sha256(key));
    }

    /** Its default project needs nothing to be asked; which others there are, the database knows. */
    private static Optional<Caller> platform(Optional<String> wish, @Nullable StoredCallers present) {
        Caller caller = Caller.platform();
        if (wish.isEmpty() || caller.roleIn(wish.get()).isPresent()) {
            return Optional.of(caller);
        }
        return wish.filter(project -> present != null && present.isThere(project))
                .map(project -> new Caller(
                        caller.kind(),
                        caller.id(),
                        project,
                        caller.organizationRole(),
                        caller.projects(),
                        caller.apiKey(),
                        caller.scope()));
    }

    private static byte[] sha256(String key) {
        return Sha256.hash(key.getBytes(UTF_8));
    }
}
