package org.llmfactory.files.rest;

import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.files.store.StoredFiles;

/** Contents on the wire: whole, or the one range of bytes that was asked for. */
final class Contents {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private Contents() {}

    /** The answer, whose content is opened when it is sent. */
    static Response answer(StoredFiles files, FileInfo file, @Nullable String range) {
        long size = file.bytes();
        Matcher asked = RANGE.matcher(range == null ? "" : range.strip());
        boolean part =
                asked.matches() && !(asked.group(1).isEmpty() && asked.group(2).isEmpty());
        long first = 0;
        long last = size - 1;
        if (part && asked.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(asked.group(2)));
        } else if (part) {
            first = Long.parseLong(asked.group(1));
            last = asked.group(2).isEmpty() ? last : Math.min(last, Long.parseLong(asked.group(2)));
        }
        if (part && first > last) {
            return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
                    .header("Content-Range", "bytes */" + size)
                    .build();
        }
        long start = first;
        long length = last - first + 1;
        Response.ResponseBuilder answer = Response.status(part ? 206 : 200)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_LENGTH, length)
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.ETAG, '"' + file.digest() + '"')
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment");
        if (part) {
            answer.header("Content-Range", "bytes " + first + "-" + last + "/" + size);
        }
        return answer.entity(stream(files, file, start, length)).build();
    }

    private static StreamingOutput stream(StoredFiles files, FileInfo file, long start, long length) {
        return out -> {
            try (InputStream in = files.open(file, start)) {
                byte[] buffer = new byte[1 << 16];
                long left = length;
                while (left > 0) {
                    int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (read < 0) {
                        break;
                    }
                    out.write(buffer, 0, read);
                    left -= read;
                }
            }
        };
    }
}
