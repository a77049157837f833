package org.llmfactory.rest;

import java.io.IOException;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.FactoryException;

/** Error answers of filters and servlets, which stand in front of JAX-RS or beside it. */
public final class ServletErrors {
    private ServletErrors() {}

    /** Answers with a failure; nothing has been written to the response yet. */
    public static void send(HttpServletResponse response, FactoryException failure) throws IOException {
        byte[] body = Json.write(ErrorBody.of(failure));
        response.setStatus(failure.code().status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        ErrorHeaders.of(failure).forEach(response::setHeader);
        response.getOutputStream().write(body);
    }
}
