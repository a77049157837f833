package org.llmfactory.agent.join;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Certificates as they are sent: X.509 in DER, Base64. */
final class Certificates {
    private static final int LONGEST_CHAIN = 8;

    private Certificates() {}

    static String text(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that cannot be encoded", e);
        }
    }

    /**
     * Reads a certificate.
     *
     * @throws FactoryException {@code INVALID_VALUE} when it is none
     */
    static X509Certificate parse(String text) {
        try {
            byte[] der = Base64.getDecoder().decode(text);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "A certificate is malformed.", e);
        }
    }

    /**
     * Reads a chain.
     *
     * @throws FactoryException {@code INVALID_VALUE} when it is none, or too long for one
     */
    static List<X509Certificate> parse(List<String> chain) {
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "A chain has 1 to " + LONGEST_CHAIN + " certificates.");
        }
        return chain.stream().map(Certificates::parse).toList();
    }
}
