package org.llmfactory.rest;

import java.io.IOException;
import javax.servlet.ServletInputStream;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.FactoryException;

/** Error answers of filters and servlets, which stand in front of JAX-RS or beside it. */
public final class ServletErrors {
    /** What is read of a body that nobody has read. */
    private static final int REST_BYTES = 1 << 16;

    private ServletErrors() {}

    /**
     * Answers with a failure; nothing has been written to the response yet. What is left of the request's body is read if it
     * is short, and otherwise the client is told that the connection ends: it would send its next request into a connection
     * that the server closes because of the bytes nobody has read.
     */
    public static void send(HttpServletRequest request, HttpServletResponse response, FactoryException failure)
            throws IOException {
        byte[] body = Json.write(ErrorBody.of(failure));
        response.setStatus(failure.code().status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        ErrorHeaders.of(failure).forEach(response::setHeader);
        if (!readToEnd(request)) {
            response.setHeader("Connection", "close");
        }
        response.getOutputStream().write(body);
    }

    private static boolean readToEnd(HttpServletRequest request) {
        try {
            ServletInputStream rest = request.getInputStream();
            if (rest.isFinished()) {
                return true;
            }
            if (request.getContentLengthLong() > REST_BYTES) {
                return false;
            }
            return rest.readNBytes(REST_BYTES).length < REST_BYTES || rest.read() < 0;
        } catch (IOException brokenOrTooLarge) {
            // The failure at hand is what the client hears, if it is still there.
            return false;
        }
    }
}
