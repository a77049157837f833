package org.llmfactory.agent.signature;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Whose jars are taken, as a folder says and for one jar perhaps others too. Safe for use by several threads. */
public final class PluginTrust {
    private final TrustStore store;
    private final Clock clock;
    private final JarContents.Limits limits;

    /** Who is trusted stands in the files of this folder. */
    public PluginTrust(Path folder, Clock clock) {
        this(folder, clock, JarContents.Limits.DEFAULT);
    }

    PluginTrust(Path folder, Clock clock, JarContents.Limits limits) {
        this.store = new TrustStore(folder);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Checks that a trusted signer signed all of a jar, and that nothing was changed since.
     *
     * @param digest SHA-256 of the jar
     * @param others certificates in PEM that are trusted for this jar too
     * @return the signer
     * @throws FactoryException {@code INVALID_FILE} with the reason why it is refused
     */
    public PluginSigner verify(Path jar, String digest, Collection<String> others) {
        List<X509Certificate> path = SignedJar.signer(jar, limits);
        Trust here = store.read();
        List<X509Certificate> all = new ArrayList<>(here.certificates());
        others.forEach(pem -> all.addAll(Certificates.parse(pem)));
        new Trust(all, here.revoked()).check(path, digest, clock.instant());
        return Certificates.describe(path.get(0));
    }

    /** Who is trusted, by name. */
    public List<PluginSigner> signers() {
        return store.read().certificates().stream()
                .map(Certificates::describe)
                .sorted(Comparator.comparing(PluginSigner::name).thenComparing(PluginSigner::fingerprint))
                .toList();
    }

    /** See {@link org.llmfactory.api.agent.PluginSignatures#read}. */
    public PluginSigner read(String pem) {
        return Certificates.describe(trustworthy(pem));
    }

    /** See {@link org.llmfactory.api.agent.PluginSignatures#trust}. */
    public PluginSigner trust(String pem) {
        X509Certificate certificate = trustworthy(pem);
        store.add(certificate);
        return Certificates.describe(certificate);
    }

    private X509Certificate trustworthy(String pem) {
        List<X509Certificate> found = Certificates.parse(pem);
        if (found.size() != 1) {
            throw new FactoryException(
                    ErrorCode.INVALID_FILE,
                    "Send the certificate that is to be trusted and no other; there are " + found.size() + " here.");
        }
        check(found.get(0), clock.instant());
        return found.get(0);
    }

    private static void check(X509Certificate certificate, Instant now) {
        if (Certificates.isAuthority(certificate)) {
            Trust.checkValid(certificate, now);
            Trust.checkStrong(certificate);
        } else {
            Trust.checkSigner(certificate, now);
        }
    }

    /** See {@link org.llmfactory.api.agent.PluginSignatures#distrust}. */
    public PluginSigner distrust(String fingerprint) {
        X509Certificate certificate = store.read().certificates().stream()
                .filter(trusted -> Certificates.fingerprint(trusted).equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "No signer with this fingerprint is trusted by this agent."));
        store.remove(certificate);
        return Certificates.describe(certificate);
    }
}
