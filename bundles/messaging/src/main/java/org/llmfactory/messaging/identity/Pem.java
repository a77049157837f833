package org.llmfactory.messaging.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates and keys as text, and certificates as bytes. */
public final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private Pem() {}

    /** Certificates one after the other. */
    public static String write(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(block(CERTIFICATE, encoded(certificate))));
        return text.toString();
    }

    /** A private key, PKCS#8, not encrypted: for files of mode 0600 only. */
    public static String write(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    /**
     * Reads all certificates of a text.
     *
     * @throws CertificateException when it holds anything else
     */
    public static List<X509Certificate> readCertificates(String text) throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject block = reader.readPemObject();
            while (block != null) {
                if (!block.getType().equals(CERTIFICATE)) {
                    throw new CertificateException("A certificate is expected, not: " + block.getType());
                }
                certificates.add(certificate(block.getContent()));
                block = reader.readPemObject();
            }
        } catch (IOException | RuntimeException e) {
            throw new CertificateException("The text holds no PEM certificates", e);
        }
        return certificates;
    }

    /**
     * Reads an EC private key.
     *
     * @throws GeneralSecurityException when the text holds none
     */
    public static PrivateKey readKey(String text) throws GeneralSecurityException {
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject block = reader.readPemObject();
            if (block == null || !block.getType().equals(PRIVATE_KEY)) {
                throw new GeneralSecurityException("The text holds no private key");
            }
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block.getContent()));
        } catch (IOException | RuntimeException e) {
            throw new GeneralSecurityException("The text holds no private key", e);
        }
    }

    /**
     * Reads a certificate.
     *
     * @param encoded DER
     */
    public static X509Certificate certificate(byte[] encoded) throws CertificateException {
        ByteArrayInputStream content = new ByteArrayInputStream(encoded);
        X509Certificate certificate =
                (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(content);
        if (certificate == null || content.available() > 0) {
            throw new CertificateException("Exactly one certificate is expected");
        }
        return certificate;
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("The certificate has no encoding", e);
        }
    }

    private static String block(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
