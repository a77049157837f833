package org.llmfactory.agent.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The digests of a jar's manifest and of its signature file, which the Java platform is more lenient about than we are. */
final class SignedManifest {
    private static final List<String> STRONG =
            List.of("SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512");

    private final Map<String, Attributes> entries;

    private SignedManifest(Map<String, Attributes> entries) {
        this.entries = entries;
    }

    /**
     * Reads a manifest and holds it against what was signed: the platform is content when parts of it are as they were, so
     * that a part can be taken out unnoticed.
     */
    static SignedManifest read(byte[] manifest, byte[] signatureFile) throws IOException {
        Attributes signed = new Manifest(new ByteArrayInputStream(signatureFile)).getMainAttributes();
        boolean covered = false;
        for (String algorithm : STRONG) {
            String digest = signed.getValue(algorithm + "-Digest-Manifest");
            if (digest != null) {
                covered = true;
                if (!MessageDigest.isEqual(decoded(digest), digest(algorithm, manifest))) {
                    throw Refusal.of("its manifest was altered after it was signed");
                }
            }
        }
        if (!covered) {
            throw Refusal.of("its signature is weak: it needs a digest of the whole manifest of at least SHA-256");
        }
        return new SignedManifest(new Manifest(new ByteArrayInputStream(manifest)).getEntries());
    }

    /** Refuses when an entry that was signed is not there any more, or is covered by a weak digest only. */
    void check(JarContents contents) {
        entries.forEach((name, attributes) -> {
            if (digests(attributes)) {
                if (!contents.names().contains(name)) {
                    throw Refusal.of("its entry " + Refusal.quoted(name) + " was removed after it was signed");
                }
                if (!isStrong(attributes)) {
                    throw Refusal.of(
                            "its signature is weak: " + Refusal.quoted(name) + " needs a digest of at least SHA-256");
                }
            }
        });
    }

    /** Whether an entry was there when the jar was signed. */
    boolean covers(String name) {
        @Nullable Attributes attributes = entries.get(name);
        return attributes != null && digests(attributes);
    }

    private static boolean digests(Attributes attributes) {
        return attributes.keySet().stream().anyMatch(key -> key.toString().endsWith("-Digest"));
    }

    private static boolean isStrong(Attributes attributes) {
        return STRONG.stream().anyMatch(algorithm -> attributes.getValue(algorithm + "-Digest") != null);
    }

    private static byte[] decoded(String digest) {
        try {
            return Base64.getDecoder().decode(digest.strip());
        } catch (IllegalArgumentException e) {
            throw Refusal.of("its signature file is malformed", e);
        }
    }

    private static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm, e);
        }
    }
}
