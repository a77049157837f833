package org.llmfactory.messaging.keeper;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.CertificateNames;
import org.llmfactory.messaging.identity.CertificateProfile;

/**
 * Which chains of certificates hold, time and revocation apart. The rules are narrower than those of PKIX, so that nothing
 * depends on how a library reads a certificate of another kind: one curve, one signature, the extensions of our own
 * certificates and no other critical ones.
 */
final class ChainRules {
    private static final int MAXIMUM_LENGTH = 4;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CERTIFICATE_SIGN = 5;
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final Set<String> PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    private ChainRules() {}

    static VerifiedChain verify(List<X509Certificate> chain, X509Certificate root) throws CertificateException {
        if (chain.isEmpty() || chain.size() > MAXIMUM_LENGTH) {
            throw new CertificateException("A chain has 1 to " + MAXIMUM_LENGTH + " certificates");
        }
        authority(root, chain.size() - 1);
        for (int i = 1; i < chain.size(); i++) {
            authority(chain.get(i), i - 1);
        }
        for (int i = 0; i < chain.size(); i++) {
            signature(chain.get(i), i + 1 < chain.size() ? chain.get(i + 1) : root);
        }
        signature(root, root);
        X509Certificate issuer = chain.size() > 1 ? chain.get(1) : root;
        return VerifiedChain.of(agent(chain.get(0), issuer, chain.size() == 1), chain, root);
    }

    /** Checks an authority that has so many others between itself and the agent. */
    private static void authority(X509Certificate certificate, int below) throws CertificateException {
        profile(certificate);
        if (certificate.getBasicConstraints() < below
                || !usage(certificate, CERTIFICATE_SIGN)
                || CertificateNames.authority(certificate).isEmpty()
                || CertificateNames.agent(certificate).isPresent()) {
            throw new CertificateException(
                    "The chain has an issuer that is no authority, or none for so many below it");
        }
    }

    private static AgentAddress agent(X509Certificate certificate, X509Certificate issuer, boolean byRoot)
            throws CertificateException {
        profile(certificate);
        List<String> purposes = certificate.getExtendedKeyUsage();
        if (certificate.getBasicConstraints() >= 0
                || !usage(certificate, DIGITAL_SIGNATURE)
                || usage(certificate, CERTIFICATE_SIGN)
                || purposes == null
                || !Set.copyOf(purposes).equals(PURPOSES)
                || CertificateNames.authority(certificate).isPresent()) {
            throw new CertificateException("The certificate is no agent's");
        }
        AgentAddress agent = CertificateNames.agent(certificate)
                .orElseThrow(() -> new CertificateParsingException("The certificate names no agent"));
        if (!CertificateNames.region(certificate).equals(CertificateNames.authority(issuer))) {
            throw new CertificateException("The authority of another region has issued the certificate of " + agent);
        }
        if (agent.isController() && !byRoot) {
            throw new CertificateException(
                    "The authority of a region has issued the certificate of the controller " + agent);
        }
        return agent;
    }

    private static void profile(X509Certificate certificate) throws CertificateException {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        if (certificate.getVersion() != 3
                || !CertificateProfile.isP256(certificate.getPublicKey())
                || !certificate.getSigAlgName().equals(CertificateProfile.SIGNATURE)
                || critical == null
                || !critical.equals(Set.of(KEY_USAGE, BASIC_CONSTRAINTS))) {
            throw new CertificateException("The certificate is of a kind that this network has not");
        }
    }

    private static boolean usage(X509Certificate certificate, int bit) {
        boolean[] usage = certificate.getKeyUsage();
        return usage != null && usage[bit];
    }

    private static void signature(X509Certificate certificate, X509Certificate issuer) throws CertificateException {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            throw new CertificateException("The chain does not lead to this network's root");
        }
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException("The chain does not lead to this network's root", e);
        }
    }
}
