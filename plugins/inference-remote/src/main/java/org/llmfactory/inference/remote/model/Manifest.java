package org.llmfactory.inference.remote.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.llmfactory.api.model.ModelInfo;

/**
 * A model without its weights: what is known of it, and the files to build its text codec from.
 *
 * @param digest the model's digest
 * @param family see {@link ModelInfo#family}
 * @param contextLength see {@link ModelInfo#contextLength}
 * @param vocabularySize see {@link ModelInfo#vocabularySize}
 * @param createdMillis when the model was put on its agent, in milliseconds since 1970
 * @param parts the files
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record Manifest(
        String digest, String family, int contextLength, int vocabularySize, long createdMillis, List<Part> parts) {
    /** The file that holds it, beside the parts. */
    static final String FILE = "manifest.json";

    /** The file share of nodes; a file there is called {@code <digest>/<part>}. */
    static final String SHARE = "models";

    private static final int MOST_PARTS = 32;
    private static final long LARGEST = 256L << 20;
    private static final long LARGEST_MANIFEST = 1 << 16;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME =
            Pattern.compile("(additional_chat_templates/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final ObjectMapper JSON = new ObjectMapper();

    Manifest {
        parts = List.copyOf(parts);
    }

    /**
     * A file.
     *
     * @param name relative to the folder, parted by {@code /}
     * @param size in bytes
     * @param sha256 64 lower-case hex digits
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Part(String name, long size, String sha256) {
        static Part of(Path folder, String name) throws IOException {
            Path file = folder.resolve(name);
            return new Part(name, Files.size(file), digestOf(file));
        }

        /** Whether the file is there and as it should be. */
        boolean isIn(Path folder) throws IOException {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file)
                    && Files.size(file) == size
                    && digestOf(file).equals(sha256);
        }
    }

    static Manifest of(ModelInfo info, List<Part> parts) {
        return new Manifest(
                info.digest(),
                info.family(),
                info.contextLength(),
                info.vocabularySize(),
                info.created().toEpochMilli(),
                parts);
    }

    /** Whether a text can be a model's digest. */
    static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    /**
     * Reads the manifest of a model in a folder.
     *
     * @throws IOException when there is none, or it is not what one of this model can be
     */
    static Manifest read(Path folder, String digest) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.size(file) > LARGEST_MANIFEST) {
            throw new IOException("The description of the model is too large");
        }
        Manifest manifest = JSON.readValue(Files.readAllBytes(file), Manifest.class);
        if (!manifest.digest.equals(digest) || !manifest.isSound()) {
            throw new IOException("The description of the model is not sound");
        }
        return manifest;
    }

    private boolean isSound() {
        return !parts.isEmpty()
                && parts.size() <= MOST_PARTS
                && contextLength > 0
                && vocabularySize > 0
                && parts.stream().mapToLong(Part::size).sum() <= LARGEST
                && parts.stream()
                        .allMatch(part -> part.size >= 0
                                && part.size <= LARGEST
                                && !part.name.equals(FILE)
                                && NAME.matcher(part.name).matches()
                                && isDigest(part.sha256));
    }

    void write(Path folder) throws IOException {
        Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
    }

    /** What is known of the model under an id. */
    ModelInfo info(String id) {
        return new ModelInfo(id, digest, family, contextLength, vocabularySize, Instant.ofEpochMilli(createdMillis));
    }

    private static String digestOf(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
