package org.llmfactory.launcher.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.llmfactory.launcher.LauncherException;

/**
 * A private key and the certificate that says whose it is, in a folder: {@value #KEY} (PKCS#8 in PEM, for its owner's eyes
 * only) and {@value #CERTIFICATE} (PEM; certificates of the authorities above it may follow).
 *
 * @param key the private key
 * @param chain the signer's certificate first
 */
public record SigningKey(PrivateKey key, List<X509Certificate> chain) {
    public static final String KEY = "signer.key";
    public static final String CERTIFICATE = "signer.pem";

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Base64.Encoder MIME = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public SigningKey {
        chain = List.copyOf(chain);
    }

    /**
     * Makes a key with a certificate that it signs itself, in a folder that has none.
     *
     * @param name whose it is
     * @param life how long the certificate is valid
     */
    public static SigningKey create(Path folder, String name, Duration life) {
        Path keyFile = folder.resolve(KEY);
        Path certificateFile = folder.resolve(CERTIFICATE);
        if (Files.exists(keyFile) || Files.exists(certificateFile)) {
            throw new LauncherException("There is a key in " + folder + " already, and it is not replaced. Name another"
                    + " folder with --out.");
        }
        KeyPair pair = SigningCertificate.keyPair();
        X509Certificate certificate = SigningCertificate.selfSigned(pair, name, Instant.now(), life);
        try {
            Files.createDirectories(folder);
            byte[] text = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
            Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(OWNER));
            Files.write(keyFile, text, StandardOpenOption.WRITE);
            Files.write(certificateFile, pem("CERTIFICATE", certificate.getEncoded()), StandardOpenOption.CREATE_NEW);
            return new SigningKey(pair.getPrivate(), List.of(certificate));
        } catch (IOException e) {
            throw new LauncherException("The key cannot be written to " + folder + ".", e);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads the key of a folder. */
    public static SigningKey read(Path folder) {
        Path keyFile = folder.resolve(KEY);
        Path certificateFile = folder.resolve(CERTIFICATE);
        try {
            checkOwner(keyFile);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificateFile)))) {
                chain.add((X509Certificate) certificate);
            }
            if (chain.isEmpty()) {
                throw new LauncherException("There is no certificate in " + certificateFile + ".");
            }
            String algorithm = chain.get(0).getPublicKey().getAlgorithm();
            PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(decoded(Files.readString(keyFile), keyFile));
            return new SigningKey(KeyFactory.getInstance(algorithm).generatePrivate(encoded), chain);
        } catch (IOException e) {
            throw new LauncherException(
                    "There is no key in " + folder + " that can be read (" + KEY + ", " + CERTIFICATE
                            + "). Make one: ./factory plugin keygen --out " + folder + " --name NAME",
                    e);
        } catch (GeneralSecurityException e) {
            throw new LauncherException("The key in " + folder + " does not fit its certificate, or is damaged.", e);
        }
    }

    private static void checkOwner(Path file) throws IOException {
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(OWNER);
        if (!others.isEmpty()) {
            throw new LauncherException("Others may read the private key " + file + ". Run: chmod 600 " + file);
        }
    }

    private static byte[] decoded(String text, Path file) {
        String begin = "-----BEGIN PRIVATE KEY-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (start < 0 || end < start) {
            throw new LauncherException(
                    file + " holds no private key in PKCS#8. Convert it: openssl pkcs8 -topk8 -nocrypt"
                            + " -in OLD.key -out " + KEY);
        }
        return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
    }

    private static byte[] pem(String kind, byte[] content) {
        return ("-----BEGIN " + kind + "-----\n" + MIME.encodeToString(content) + "\n-----END " + kind + "-----\n")
                .getBytes(US_ASCII);
    }

    /** SHA-256 of the signer's certificate, 64 lower-case hex digits. */
    public String fingerprint() {
        try {
            byte[] encoded = chain.get(0).getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
