package org.llmfactory.dataplane.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/** What both ends of the stream service {@code file} say, as JSON, before the content. */
final class FileMessages {
    /** The name of the stream service. */
    static final String SERVICE = "file";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private FileMessages() {}

    /**
     * Which file is wanted.
     *
     * @param share name of the share
     * @param name the share's name for the file
     * @param offset of the first byte that is to be sent
     */
    record Request(String share, String name, long offset) {
        Request {
            Objects.requireNonNull(share, "share");
            Objects.requireNonNull(name, "name");
            if (offset < 0) {
                throw new IllegalArgumentException("A file begins at 0");
            }
        }
    }

    /**
     * What the file is, all of it.
     *
     * @param size in bytes
     * @param sha256 64 lower-case hex digits
     */
    record Head(long size, String sha256) {
        Head {
            if (size < 0 || !SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("No size and digest of a file");
            }
        }
    }

    static byte[] write(Record message) {
        try {
            return Json.MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of strings and numbers are always written", e);
        }
    }

    static <R extends Record> R read(byte[] message, Class<R> type) {
        try {
            return Json.MAPPER.readValue(message, type);
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "What was said about a file is malformed.", e);
        }
    }
}
