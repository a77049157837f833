package org.llmfactory.registry.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.RequestContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** A multipart body taken apart: short texts in memory, files in a temporary folder that ends with this object. */
final class AdapterUpload implements AutoCloseable {
    private static final int MAX_TEXT_BYTES = 1024;
    private static final long MAX_CONFIGURATION_BYTES = 1L << 20;
    private static final long MAX_WEIGHTS_BYTES = 4L << 30;
    private static final Set<String> TEXTS = Set.of("name", "base_model", "visibility");
    private static final Map<String, Long> FILES =
            Map.of("config", MAX_CONFIGURATION_BYTES, "weights", MAX_WEIGHTS_BYTES);

    private final Path folder;
    private final Map<String, String> texts = new HashMap<>();

    private AdapterUpload(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads all parts.
     *
     * @throws FactoryException {@code INVALID_REQUEST} for what is no multipart body, {@code MISSING_PARAMETER} and {@code
     *     PAYLOAD_TOO_LARGE} with the part's name
     */
    static AdapterUpload read(@Nullable String contentType, InputStream body) {
        try {
            AdapterUpload upload = new AdapterUpload(Files.createTempDirectory("adapter"));
            try {
                upload.readParts(contentType == null ? "" : contentType, body);
                return upload;
            } catch (IOException | FileUploadException | RuntimeException e) {
                upload.close();
                throw e;
            }
        } catch (FileUploadException e) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The multipart body cannot be read.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot take the upload", e);
        }
    }

    String name() {
        return text("name");
    }

    String baseModel() {
        return text("base_model");
    }

    /** As written; empty when the part is absent. */
    Optional<String> visibility() {
        return Optional.ofNullable(texts.get("visibility"));
    }

    Path configuration() {
        return file("config");
    }

    Path weights() {
        return file("weights");
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove an upload's temporary files", e);
        }
    }

    private void readParts(String contentType, InputStream body) throws IOException, FileUploadException {
        FileItemIterator parts = new FileUpload().getItemIterator(new Body(contentType, body));
        while (parts.hasNext()) {
            FileItemStream part = parts.next();
            String field = String.valueOf(part.getFieldName());
            try (InputStream content = part.openStream()) {
                if (TEXTS.contains(field)) {
                    byte[] bytes = content.readNBytes(MAX_TEXT_BYTES + 1);
                    checkSize(field, bytes.length, MAX_TEXT_BYTES);
                    texts.put(field, new String(bytes, StandardCharsets.UTF_8).strip());
                } else if (FILES.containsKey(field)) {
                    copy(field, content);
                }
            }
        }
    }

    private void copy(String field, InputStream content) throws IOException {
        long limit = FILES.getOrDefault(field, 0L);
        long size = 0;
        try (var out = Files.newOutputStream(folder.resolve(field))) {
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                checkSize(field, size, limit);
                out.write(buffer, 0, read);
            }
        }
    }

    private static void checkSize(String field, long size, long limit) {
        if (size > limit) {
            throw FactoryException.ofParameter(
                    ErrorCode.PAYLOAD_TOO_LARGE, field, "The part '" + field + "' may have " + limit + " bytes.");
        }
    }

    private String text(String field) {
        String text = texts.get(field);
        if (text == null || text.isEmpty()) {
            throw missing(field);
        }
        return text;
    }

    private Path file(String field) {
        Path file = folder.resolve(field);
        if (!Files.exists(file)) {
            throw missing(field);
        }
        return file;
    }

    private static FactoryException missing(String field) {
        return FactoryException.ofParameter(
                ErrorCode.MISSING_PARAMETER, field, "The part '" + field + "' of the multipart body is missing.");
    }

    /** What the multipart reader asks of a request. */
    private record Body(String contentType, InputStream content) implements RequestContext {
        @Override
        public String getCharacterEncoding() {
            return StandardCharsets.UTF_8.name();
        }

        @Override
        public String getContentType() {
            return contentType;
        }

        @Override
        @SuppressWarnings("deprecation") // the interface asks for it
        public int getContentLength() {
            return -1;
        }

        @Override
        public InputStream getInputStream() {
            return content;
        }
    }
}
