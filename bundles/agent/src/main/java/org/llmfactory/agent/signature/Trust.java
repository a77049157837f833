package org.llmfactory.agent.signature;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted.
 *
 * @param certificates of signers and of authorities
 * @param revoked serial numbers of certificates, SHA-256 of certificates and of jars; lower-case hex digits
 */
record Trust(Collection<X509Certificate> certificates, Set<String> revoked) {
    Trust {
        certificates = List.copyOf(certificates);
        revoked = Set.copyOf(revoked);
    }

    /**
     * Whether a signer is one of those who are trusted or has his certificate from one.
     *
     * @param path the signer's certificate, and others that came with it
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the reason why not
     */
    void check(List<X509Certificate> path, String jarDigest, Instant now) {
        X509Certificate signer = path.get(0);
        if (revoked.contains(jarDigest)) {
            throw Refusal.of("this very file has been revoked here");
        }
        checkSigner(signer, now);
        path.forEach(this::checkRevoked);
        if (!certificates.contains(signer)) {
            chain(path, now).forEach(this::checkRevoked);
        }
    }

    /** Refuses a certificate that nobody should sign plugins with, whoever vouches for it. */
    static void checkSigner(X509Certificate signer, Instant now) {
        if (!Certificates.isForCode(signer)) {
            throw Refusal.ofCertificate("The certificate of " + who(signer) + " is not for signing code");
        }
        checkValid(signer, now);
        checkStrong(signer);
    }

    static void checkStrong(X509Certificate certificate) {
        if (!Certificates.isStrong(certificate)) {
            throw Refusal.ofCertificate("The key of " + who(certificate) + " is weak; use EC P-256, RSA 3072 or more");
        }
    }

    /** Refuses a certificate that its issuer signed over a digest for which another one can be found. */
    private static void checkSeal(X509Certificate certificate) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) {
            throw Refusal.ofCertificate("The certificate of " + who(certificate) + " is signed with " + algorithm
                    + "; it needs at least SHA-256");
        }
    }

    static void checkValid(X509Certificate certificate, Instant now) {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw Refusal.ofCertificate("The certificate of " + who(certificate) + " expired on "
                    + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw Refusal.ofCertificate("The certificate of " + who(certificate) + " is valid only from "
                    + certificate.getNotBefore().toInstant() + " on");
        }
    }

    private void checkRevoked(X509Certificate certificate) {
        if (revoked.contains(Certificates.serial(certificate))
                || revoked.contains(Certificates.fingerprint(certificate))) {
            throw Refusal.ofCertificate("The certificate of " + who(certificate) + " has been revoked here");
        }
    }

    /** The certificates between the signer and a trusted authority, that authority included. */
    private List<X509Certificate> chain(List<X509Certificate> path, Instant now) {
        X509Certificate signer = path.get(0);
        Set<TrustAnchor> anchors = certificates.stream()
                .filter(Certificates::isAuthority)
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            throw untrusted(signer, null);
        }
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, selector(signer));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(path)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
            // The platform takes a trusted authority as it is.
            checkValid(anchor, now);
            List<X509Certificate> chain = new ArrayList<>();
            result.getCertPath().getCertificates().forEach(issued -> chain.add((X509Certificate) issued));
            chain.forEach(Trust::checkSeal);
            chain.add(anchor);
            chain.forEach(Trust::checkStrong);
            return chain;
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw untrusted(signer, e);
        }
    }

    private static X509CertSelector selector(X509Certificate certificate) {
        X509CertSelector selector = new X509CertSelector();
        selector.setCertificate(certificate);
        return selector;
    }

    private static RuntimeException untrusted(X509Certificate signer, @Nullable Throwable cause) {
        return Refusal.of(
                "its signer " + who(signer) + " is not trusted by this agent (certificate with SHA-256 "
                        + Certificates.fingerprint(signer)
                        + "). If you trust him, run: ./factory plugin trust CERTIFICATE.pem",
                cause);
    }

    private static String who(X509Certificate certificate) {
        return Refusal.quoted(Certificates.name(certificate));
    }
}
