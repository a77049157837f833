package org.llmfactory.messaging.keeper;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.Trust;

/**
 * Believes what leads to one root. Chains that were found right are remembered by their digest, since their signatures stay
 * right; time and revocation are asked each time.
 */
public final class CertificateTrust implements Trust {
    private static final int REMEMBERED = 16_384;

    private final X509Certificate root;
    private final Clock clock;
    private final RevokedSerials revoked;
    private final Map<String, VerifiedChain> verified = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, VerifiedChain> eldest) {
            return size() > REMEMBERED;
        }
    };

    public CertificateTrust(X509Certificate root, NetworkFolder folder, Clock clock) {
        this.root = root;
        this.clock = clock;
        this.revoked = new RevokedSerials(folder);
    }

    @Override
    public X509Certificate root() {
        return root;
    }

    @Override
    public AgentAddress verify(List<X509Certificate> chain) throws CertificateException {
        String digest = digest(chain);
        VerifiedChain known = remembered(digest);
        if (known == null) {
            known = ChainRules.verify(chain, root);
            remember(digest, known);
        }
        return known.check(clock.instant(), revoked.all());
    }

    @Override
    public Set<String> revoked() {
        return revoked.all();
    }

    @Override
    public void revoke(Set<String> serials) {
        revoked.add(serials);
    }

    @Override
    public AutoCloseable onRevocation(Runnable listener) {
        return revoked.onChange(listener);
    }

    private @Nullable VerifiedChain remembered(String digest) {
        synchronized (verified) {
            return verified.get(digest);
        }
    }

    private void remember(String digest, VerifiedChain chain) {
        synchronized (verified) {
            verified.put(digest, chain);
        }
    }

    private static String digest(List<X509Certificate> chain) throws CertificateException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate certificate : chain) {
                digest.update(certificate.getEncoded());
            }
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
