package org.llmfactory.agent.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmfactory.agent.home.WholeFile;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is trusted, in the files of a folder: certificates in {@code *.pem}, and in {@code revoked} a line for each serial
 * number of a certificate and each SHA-256 of a certificate or jar that counts no more. Read anew each time, so that a file
 * that an operator puts there holds at once.
 */
final class TrustStore {
    private static final Logger LOG = LoggerFactory.getLogger(TrustStore.class);
    private static final String SUFFIX = ".pem";
    private static final String REVOKED = "revoked";

    private final Path folder;

    TrustStore(Path folder) {
        this.folder = folder;
    }

    Trust read() {
        Set<X509Certificate> certificates = new LinkedHashSet<>();
        for (Path file : files()) {
            certificates.addAll(certificates(file));
        }
        return new Trust(certificates, revoked());
    }

    synchronized void add(X509Certificate certificate) {
        if (!read().certificates().contains(certificate)) {
            write(folder.resolve(Certificates.fingerprint(certificate) + SUFFIX), List.of(certificate));
        }
    }

    /** Takes a certificate out of every file that it is in. */
    synchronized void remove(X509Certificate certificate) {
        for (Path file : files()) {
            List<X509Certificate> rest = new ArrayList<>(certificates(file));
            if (rest.remove(certificate)) {
                write(file, rest);
            }
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Certificates.parse(Files.readString(file));
        } catch (IOException | FactoryException e) {
            LOG.error("Nobody in {} is trusted, since it cannot be read: {}", file, e.getMessage());
            return List.of();
        }
    }

    /** Unlike a certificate that cannot be read, a revocation that cannot be read stops everything. */
    private Set<String> revoked() {
        try (Stream<String> lines = Files.lines(folder.resolve(REVOKED))) {
            return lines.map(TrustStore::number).filter(line -> !line.isEmpty()).collect(Collectors.toSet());
        } catch (NoSuchFileException none) {
            return Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line without comment, colons and leading zeros that are not part of a SHA-256. */
    private static String number(String line) {
        String number = line.replaceFirst("#.*", "").replaceAll("[:\\s]", "").toLowerCase(Locale.ROOT);
        return number.length() == 64 ? number : number.replaceFirst("^0+(?=.)", "");
    }

    private void write(Path file, List<X509Certificate> certificates) {
        try {
            if (certificates.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            String text = certificates.stream().map(Certificates::pem).collect(Collectors.joining());
            WholeFile.replace(file, text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
