package org.llmfactory.agent.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A jar of which one signer signed everything. The mathematics is the Java platform's ({@code jarsigner}'s format, with the
 * algorithms that {@code jdk.jar.disabledAlgorithms} leaves); what it tolerates and we do not is refused here: unsigned
 * entries, missing ones, a second signer, weak digests.
 */
final class SignedJar {
    private static final int MAXIMUM_MANIFEST = 8 << 20;
    private static final int BUFFER = 64 * 1024;

    private SignedJar() {}

    /**
     * Checks a jar from its first to its last byte.
     *
     * @return the certificates that came with the signature, the signer's own first; nobody has said yet that he is
     *     trusted
     */
    static List<X509Certificate> signer(Path jar, JarContents.Limits limits) {
        JarContents contents = JarContents.read(jar, limits);
        if (contents.signatureFiles().isEmpty() || contents.signatureBlocks().isEmpty()) {
            throw Refusal.of("it is not signed. Sign it with: ./factory plugin sign JAR --key DIR");
        }
        if (contents.signatureFiles().size() > 1 || contents.signatureBlocks().size() > 1) {
            throw Refusal.of("several have signed it, which says of none that he stands for all of it");
        }
        try {
            SignedManifest manifest = manifest(jar, contents);
            manifest.check(contents);
            try (JarFile file = new JarFile(jar.toFile(), true, ZipFile.OPEN_READ, JarFile.baseVersion())) {
                return signer(file, contents, manifest);
            }
        } catch (IOException | SecurityException e) {
            throw Refusal.of("its signature cannot be read", e);
        }
    }

    private static SignedManifest manifest(Path jar, JarContents contents) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            return SignedManifest.read(
                    bytes(file, JarContents.MANIFEST),
                    bytes(file, contents.signatureFiles().get(0)));
        }
    }

    private static List<X509Certificate> signer(JarFile file, JarContents contents, SignedManifest manifest)
            throws IOException {
        @Nullable CodeSigner signer = null;
        byte[] buffer = new byte[BUFFER];
        for (String name : contents.names()) {
            if (contents.isContent(name)) {
                CodeSigner found = signer(file, name, manifest, buffer);
                if (signer != null && !signer.equals(found)) {
                    throw Refusal.of("several have signed it, which says of none that he stands for all of it");
                }
                signer = found;
            }
        }
        if (signer == null) {
            throw Refusal.of("there is nothing in it");
        }
        return signer.getSignerCertPath().getCertificates().stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static byte[] bytes(ZipFile file, String name) throws IOException {
        @Nullable ZipEntry entry = file.getEntry(name);
        if (entry == null) {
            throw Refusal.of("it has no manifest");
        }
        return JarContents.bytes(file, entry, MAXIMUM_MANIFEST);
    }

    private static CodeSigner signer(JarFile file, String name, SignedManifest manifest, byte[] buffer)
            throws IOException {
        JarEntry entry = file.getJarEntry(name);
        try (InputStream in = file.getInputStream(entry)) {
            JarContents.drain(in, entry, buffer);
        } catch (SecurityException e) {
            throw Refusal.of("its entry " + Refusal.quoted(name) + " was altered after it was signed", e);
        }
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null || signers.length == 0) {
            throw Refusal.of(
                    manifest.covers(name)
                            ? "its signature is made with an algorithm that is not safe any more"
                            : "its entry " + Refusal.quoted(name) + " was added after it was signed");
        }
        return signers[0];
    }
}
