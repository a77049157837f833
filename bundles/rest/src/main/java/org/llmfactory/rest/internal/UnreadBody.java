package org.llmfactory.rest.internal;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import javax.servlet.http.HttpServletRequest;

/**
 * What is left of a request's body when its answer is known. A client that still sends does not listen yet; if the server
 * closed the connection before the bytes were read, it would reset it, and the answer would be lost on the way.
 */
final class UnreadBody {
    /** Small: every request with a body gets one, and nearly every body has been read by now. */
    private static final int BUFFER_BYTES = 1 << 13;

    private final long mostBytes;
    private final Duration mostTime;

    /**
     * @param mostBytes how much of a body is read for nothing
     * @param mostTime how long that may take, with the connector's patience for each read on top
     */
    UnreadBody(long mostBytes, Duration mostTime) {
        this.mostBytes = mostBytes;
        this.mostTime = mostTime;
    }

    /**
     * Reads what is left and forgets it.
     *
     * @return whether the body's end was reached, so that the connection can be used for another request
     */
    boolean discard(HttpServletRequest request) {
        if (!hasBody(request)) {
            return true;
        }
        try {
            return discard(request.getInputStream());
        } catch (IOException brokenOff) {
            // The client has gone, or sends nothing any more; there is nobody to tell.
            return false;
        }
    }

    /** Without a body there may be a protocol of another kind on the connection by now. */
    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private boolean discard(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long started = System.nanoTime();
        for (long discarded = 0; discarded < mostBytes && System.nanoTime() - started < mostTime.toNanos(); ) {
            int read = body.read(buffer);
            if (read < 0) {
                return true;
            }
            discarded += read;
        }
        return false;
    }
}
