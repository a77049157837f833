package org.llmfactory.launcher.signing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertificateFactory;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import jdk.security.jarsigner.JarSignerException;
import org.llmfactory.launcher.LauncherException;

/** Signs plugins as {@code jarsigner} does: every entry, by one signer, with SHA-256. Former signatures are left out. */
public final class PluginSigner {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");

    private final SigningKey key;

    public PluginSigner(SigningKey key) {
        this.key = key;
    }

    /**
     * Signs a jar.
     *
     * @param target where the signed one is to lie; may be the jar itself
     */
    public void sign(Path jar, Path target) {
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException("There is no file " + jar + ".");
        }
        try {
            Path folder = target.toAbsolutePath().getParent();
            Path plain = Files.createTempFile(folder, "unsigned", ".jar");
            Path signed = Files.createTempFile(folder, "signed", ".jar");
            try {
                withoutSignatures(jar, plain);
                write(plain, signed);
                Files.setPosixFilePermissions(signed, Files.getPosixFilePermissions(jar));
                Files.move(signed, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(plain);
                Files.deleteIfExists(signed);
            }
        } catch (IOException | JarSignerException | GeneralSecurityException e) {
            throw new LauncherException("The plugin " + jar + " cannot be signed: " + e.getMessage(), e);
        }
    }

    private void write(Path plain, Path signed) throws IOException, GeneralSecurityException {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(key.chain());
        try (ZipFile in = new ZipFile(plain.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(key.key(), path)
                    .digestAlgorithm("SHA-256")
                    .signerName("SIGNER")
                    .build()
                    .sign(in, out);
        }
    }

    private static void withoutSignatures(Path jar, Path target) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
            for (Enumeration<? extends ZipEntry> entries = in.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!SIGNATURE.matcher(entry.getName().toUpperCase(Locale.ROOT)).matches()) {
                    ZipEntry copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    try (InputStream content = in.getInputStream(entry)) {
                        content.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
    }
}
