package org.llmfactory.agent.signature;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipFile;
import javax.security.auth.x500.X500Principal;
import jdk.security.jarsigner.JarSigner;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who signs jars, well or badly. */
public final class TestSigner {
    private static final AtomicLong SERIALS = new AtomicLong(4096);
    private static final Duration LIFE = Duration.ofDays(30);

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private TestSigner(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /** What kind of certificate; the defaults make a good one. */
    public static final class Kind {
        private String key = "EC:secp256r1";
        private boolean authority;
        private KeyPurposeId purpose = KeyPurposeId.id_kp_codeSigning;
        private Instant start = Instant.now().minusSeconds(60);
        private TestSigner issuer;

        public Kind key(String algorithm) {
            key = algorithm;
            return this;
        }

        public Kind authority() {
            authority = true;
            return this;
        }

        public Kind purpose(KeyPurposeId other) {
            purpose = other;
            return this;
        }

        public Kind from(Instant begin) {
            start = begin;
            return this;
        }

        public Kind issuedBy(TestSigner authority) {
            issuer = authority;
            return this;
        }
    }

    public static TestSigner named(String name) {
        return named(name, new Kind());
    }

    public static TestSigner named(String name, Kind kind) {
        try {
            KeyPair pair = pair(kind.key);
            X500Principal subject = new X500Principal("CN=" + name);
            X500Principal issuer =
                    kind.issuer == null ? subject : kind.issuer.certificate().getSubjectX500Principal();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIALS.incrementAndGet()),
                    Date.from(kind.start),
                    Date.from(kind.start.plus(LIFE)),
                    subject,
                    pair.getPublic());
            if (kind.authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            } else if (kind.purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(kind.purpose));
            }
            PrivateKey sealing = kind.issuer == null ? pair.getPrivate() : kind.issuer.key;
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(
                                    sealing.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA")
                            .build(sealing)));
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            if (kind.issuer != null) {
                chain.addAll(kind.issuer.chain);
            }
            return new TestSigner(pair.getPrivate(), chain);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String key) throws GeneralSecurityException {
        String[] parts = key.split(":", 2);
        KeyPairGenerator generator = KeyPairGenerator.getInstance(parts[0]);
        if (parts[0].equals("EC")) {
            generator.initialize(new ECGenParameterSpec(parts[1]));
        } else {
            generator.initialize(Integer.parseInt(parts[1]));
        }
        return generator.generateKeyPair();
    }

    public X509Certificate certificate() {
        return chain.get(0);
    }

    public String pem() {
        return Certificates.pem(certificate());
    }

    public String fingerprint() {
        return Certificates.fingerprint(certificate());
    }

    /** Signs a jar. */
    public Path sign(Path jar) throws IOException {
        return sign(jar, "SHA-256", null);
    }

    /**
     * Signs a jar.
     *
     * @param digest of the entries
     * @param signature the signature's algorithm; null for what goes with the key
     */
    Path sign(Path jar, String digest, String signature) throws IOException {
        Path signed = Files.createTempFile(jar.toAbsolutePath().getParent(), "signed", ".jar");
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            JarSigner.Builder builder = new JarSigner.Builder(key, path).digestAlgorithm(digest);
            if (signature != null) {
                builder.signatureAlgorithm(signature);
            }
            builder.signerName("S" + Certificates.serial(certificate()).toUpperCase(java.util.Locale.ROOT))
                    .build()
                    .sign(in, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return signed;
    }
}
