package org.llmfactory.rest.internal;

import java.io.IOException;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.ErrorHeaders;
import org.llmfactory.rest.Json;

/** Error answers of the filters and servlets, which stand in front of JAX-RS. */
final class ServletErrors {
    private ServletErrors() {}

    static void send(HttpServletResponse response, FactoryException failure) throws IOException {
        byte[] body = Json.write(ErrorBody.of(failure));
        response.setStatus(failure.code().status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        ErrorHeaders.of(failure).forEach(response::setHeader);
        response.getOutputStream().write(body);
    }
}
