package org.llmfactory.agent.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.llmfactory.api.agent.PluginSigner;

/** What certificates say, in the words of this package. */
final class Certificates {
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final int RSA_BITS = 3072;
    private static final int EC_BITS = 256;

    private Certificates() {}

    /** The certificates in a PEM text. */
    static List<X509Certificate> parse(String pem) {
        if (pem.contains("PRIVATE KEY")) {
            throw Refusal.of(
                    "a private key was sent where a certificate belongs; keep it to yourself and make a new one");
        }
        try {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)))) {
                found.add((X509Certificate) certificate);
            }
            return found;
        } catch (CertificateException e) {
            throw Refusal.ofCertificate("This is no certificate in PEM", e);
        }
    }

    static PluginSigner describe(X509Certificate certificate) {
        return new PluginSigner(
                fingerprint(certificate),
                name(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                isAuthority(certificate),
                pem(certificate));
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
    }

    /** The common name, or all of the name where there is none. */
    static String name(X509Certificate certificate) {
        String all = certificate.getSubjectX500Principal().getName();
        try {
            for (Rdn part : new LdapName(all).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
            return all;
        } catch (InvalidNameException e) {
            return all;
        }
    }

    static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    /** Whether the certificate was issued for signing code, and for signing at all. */
    static boolean isForCode(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            boolean[] usage = certificate.getKeyUsage();
            return purposes != null && purposes.contains(CODE_SIGNING) && (usage == null || usage[0]);
        } catch (CertificateParsingException e) {
            throw Refusal.ofCertificate("The signer's certificate is malformed", e);
        }
    }

    /** Whether the key is of at least RSA 3072, EC P-256 or EdDSA's strength. */
    static boolean isStrong(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= RSA_BITS;
        }
        if (key instanceof ECPublicKey ec) {
            return ec.getParams().getOrder().bitLength() >= EC_BITS;
        }
        return key instanceof EdECPublicKey;
    }
}
