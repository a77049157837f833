package org.llmfactory.messaging.identity;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Duration;
import java.util.HexFormat;

/** What all certificates of a network have in common: EC P-256, SHA-256, how long they last, how they are named. */
public final class CertificateProfile {
    /** The one algorithm that anything is signed with. */
    public static final String SIGNATURE = "SHA256withECDSA";

    /** An agent's certificate; it is renewed at two thirds of it. */
    public static final Duration AGENT_VALIDITY = Duration.ofHours(24);

    /** A region's authority; renewed likewise. */
    public static final Duration REGION_VALIDITY = Duration.ofDays(30);

    /** The root authority. */
    public static final Duration ROOT_VALIDITY = Duration.ofDays(3653);

    /** How long before it was issued a certificate begins, for clocks that lag. */
    public static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 127;

    private CertificateProfile() {}

    /** A new EC P-256 key pair. */
    public static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has EC P-256", e);
        }
    }

    /** Whether a key is one of the only kind that a network takes. */
    public static boolean isP256(PublicKey key) {
        if (!(key instanceof ECPublicKey point)) {
            return false;
        }
        ECParameterSpec curve = point.getParams();
        return curve.getCurve().equals(P256.CURVE.getCurve())
                && curve.getGenerator().equals(P256.CURVE.getGenerator())
                && curve.getOrder().equals(P256.CURVE.getOrder());
    }

    /**
     * SHA-256 of a public key. Of the root's it is what identifies a network, see {@link
     * org.llmfactory.api.network.Membership#network}.
     *
     * @return 64 lower-case hex digits
     */
    public static String fingerprint(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** A certificate's serial number as {@link Trust#revoke} takes it: lower-case hex without leading zeros. */
    public static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    /** A serial number that nobody guesses and no other certificate has. */
    static BigInteger newSerial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }

    private static final class P256 {
        private static final ECParameterSpec CURVE = curve();

        private static ECParameterSpec curve() {
            try {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec("secp256r1"));
                return parameters.getParameterSpec(ECParameterSpec.class);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java runtime has EC P-256", e);
            }
        }
    }
}
