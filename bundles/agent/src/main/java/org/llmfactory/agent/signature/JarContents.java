package org.llmfactory.agent.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The table of contents of a jar, looked at before anything is unpacked: no name twice or leading out of the jar, and no
 * more than this agent is willing to unpack.
 *
 * @param names every entry
 * @param signatureFiles the entries that hold signatures ({@code .SF})
 * @param signatureBlocks the entries that hold the signers' certificates and seals
 */
record JarContents(Set<String> names, List<String> signatureFiles, List<String> signatureBlocks) {
    static final String META = "META-INF/";
    static final String MANIFEST = "META-INF/MANIFEST.MF";

    /**
     * The most that is taken.
     *
     * @param jarBytes size of the jar
     * @param entries in it
     * @param bytes of all entries, unpacked
     * @param ratio of the unpacked bytes to those of the jar, once they are over 16 MiB
     */
    record Limits(long jarBytes, int entries, long bytes, int ratio) {
        static final Limits DEFAULT = new Limits(1L << 30, 50_000, 2L << 30, 50);
    }

    private static final long FREE_OF_RATIO = 16 << 20;

    JarContents {
        names = Set.copyOf(names);
        signatureFiles = List.copyOf(signatureFiles);
        signatureBlocks = List.copyOf(signatureBlocks);
    }

    /** Reads the table of contents. */
    static JarContents read(Path jar, Limits limits) {
        try {
            long size = Files.size(jar);
            if (size > limits.jarBytes()) {
                throw Refusal.of("it is over " + limits.jarBytes() + " bytes long");
            }
            try (ZipFile file = new ZipFile(jar.toFile())) {
                return read(file, size, limits);
            }
        } catch (IOException e) {
            throw Refusal.of("it cannot be read as a jar", e);
        }
    }

    private static JarContents read(ZipFile file, long size, Limits limits) {
        if (file.size() > limits.entries()) {
            throw Refusal.of("it has over " + limits.entries() + " entries");
        }
        Set<String> names = new HashSet<>();
        List<String> files = new ArrayList<>();
        List<String> blocks = new ArrayList<>();
        long bytes = 0;
        for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            check(entry);
            if (!names.add(name)) {
                throw Refusal.of("it has the entry " + Refusal.quoted(name) + " twice");
            }
            bytes += entry.getSize();
            if (bytes > limits.bytes()) {
                throw Refusal.of("it would unpack to over " + limits.bytes() + " bytes");
            }
            if (isSignature(name)) {
                (name.toUpperCase(Locale.ROOT).endsWith(".SF") ? files : blocks).add(name);
            }
        }
        if (bytes > FREE_OF_RATIO && bytes / Math.max(1, size) >= limits.ratio()) {
            throw Refusal.of("it would unpack to over " + limits.ratio() + " times its size");
        }
        return new JarContents(names, files, blocks);
    }

    private static void check(ZipEntry entry) {
        String name = entry.getName();
        boolean leadsOut = name.startsWith("/")
                || name.indexOf('\\') >= 0
                || Arrays.asList(name.split("/", -1)).contains("..")
                || name.chars().anyMatch(Character::isISOControl);
        if (leadsOut) {
            throw Refusal.of("its entry " + Refusal.quoted(name) + " has a name that leads out of the jar");
        }
        if (entry.getSize() < 0 || (entry.isDirectory() && entry.getSize() > 0)) {
            throw Refusal.of("its entry " + Refusal.quoted(name) + " does not say how long it is");
        }
    }

    /** Whether an entry is, for the Java platform, part of a signature and therefore not signed itself. */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith(META)
                && upper.indexOf('/', META.length()) < 0
                && (upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".DSA") || upper.endsWith(".EC"));
    }

    /** Whether an entry needs to be signed. */
    boolean isContent(String name) {
        return !name.equals(MANIFEST)
                && !name.endsWith("/")
                && !signatureFiles.contains(name)
                && !signatureBlocks.contains(name);
    }

    /** The bytes of an entry, no more of them than the table of contents says. */
    static byte[] bytes(ZipFile file, ZipEntry entry, int maximum) throws IOException {
        if (entry.getSize() > maximum) {
            throw Refusal.of("its entry " + Refusal.quoted(entry.getName()) + " is over " + maximum + " bytes long");
        }
        try (InputStream in = file.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(maximum);
            if (bytes.length != entry.getSize()) {
                throw tooLong(entry);
            }
            return bytes;
        }
    }

    /** Reads an entry to its end, no further than the table of contents says. */
    static void drain(InputStream in, ZipEntry entry, byte[] buffer) throws IOException {
        long left = entry.getSize();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            left -= read;
            if (left < 0) {
                throw tooLong(entry);
            }
        }
        if (left > 0) {
            throw tooLong(entry);
        }
    }

    private static RuntimeException tooLong(ZipEntry entry) {
        return Refusal.of("its entry " + Refusal.quoted(entry.getName()) + " is not as long as the jar says");
    }
}
