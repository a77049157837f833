package org.llmfactory.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Knows one caller: the administrator, by the key in the home. The key itself is not kept in memory. */
@Component
public final class AdminKeyAuthenticator implements Authenticator {
    private static final Caller ADMINISTRATOR = new Caller("admin", "default", true);

    private final byte[] digest;

    /**
     * Reads the key, or makes one.
     *
     * @throws IOException when there is no key to be had; nobody is let in then
     */
    @Activate
    public AdminKeyAuthenticator(@Reference Home home) throws IOException {
        this.digest = sha256(AdminKeyFile.readOrCreate(home.administratorKey()));
    }

    @Override
    public Optional<Caller> authenticate(String apiKey) {
        // Digests have the same length whatever is sent, and isEqual looks at all of it.
        return MessageDigest.isEqual(digest, sha256(apiKey)) ? Optional.of(ADMINISTRATOR) : Optional.empty();
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException("every Java platform has SHA-256", failure);
        }
    }
}
