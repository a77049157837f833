package org.llmfactory.files.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.RequestContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.BodyTooLargeException;

/**
 * A multipart body with one large part, which is handed on while it arrives, and short texts before and behind it.
 *
 * @param content what became of the large part
 * @param filename as the client sent it; empty when it sent none
 */
record Form<T>(T content, Optional<String> filename, Map<String, String> texts) {
    private static final int MAXIMUM_TEXT = 1024;
    private static final int MAXIMUM_TEXTS = 16;

    /**
     * Reads all parts.
     *
     * @param field the large part
     * @param take takes it
     * @param drop drops what was taken when the rest cannot be read
     * @throws FactoryException {@code INVALID_REQUEST} for what is no multipart body, {@code MISSING_PARAMETER}, {@code
     *     PAYLOAD_TOO_LARGE}
     */
    static <T> Form<T> read(
            @Nullable String contentType,
            InputStream body,
            String field,
            Function<InputStream, T> take,
            Consumer<T> drop) {
        T content = null;
        try {
            Map<String, String> texts = new HashMap<>();
            String filename = null;
            FileItemIterator parts = new FileUpload().getItemIterator(new Body(contentType, body));
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                try (InputStream in = part.openStream()) {
                    if (field.equals(part.getFieldName()) && content == null) {
                        filename = part.getName();
                        content = take.apply(in);
                    } else {
                        put(texts, String.valueOf(part.getFieldName()), in);
                    }
                }
            }
            if (content == null) {
                throw FactoryException.ofParameter(
                        ErrorCode.MISSING_PARAMETER,
                        field,
                        "The part '" + field + "' of the multipart body is missing.");
            }
            return new Form<>(content, Optional.ofNullable(filename), texts);
        } catch (IOException | FileUploadException | RuntimeException e) {
            if (content != null) {
                drop.accept(content);
            }
            throw failure(e);
        }
    }

    private static void put(Map<String, String> texts, String field, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAXIMUM_TEXT + 1);
        if (bytes.length > MAXIMUM_TEXT || texts.size() == MAXIMUM_TEXTS || texts.containsKey(field)) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    field,
                    "The part '" + field + "' is too long, there twice, or one too many.");
        }
        texts.put(field, new String(bytes, StandardCharsets.UTF_8).strip());
    }

    private static RuntimeException failure(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return tooLarge.toFailure();
            }
        }
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        // A body that breaks off is the client's doing, as is one that is no multipart.
        return new FactoryException(ErrorCode.INVALID_REQUEST, "The multipart body cannot be read.", e);
    }

    /** What the multipart reader asks of a request. */
    private record Body(@Nullable String type, InputStream content) implements RequestContext {
        @Override
        public String getCharacterEncoding() {
            return StandardCharsets.UTF_8.name();
        }

        @Override
        public String getContentType() {
            return type == null ? "" : type;
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
