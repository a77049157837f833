package org.llmfactory.auth.web;

import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.BodyTooLargeException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.ServletErrors;

/** Manners of the servlets below {@code /auth}: failures as error bodies, nothing cached, no address told to others. */
abstract class AuthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Not "no-referrer", with which browsers do not tell the origin of forms either.
        response.setHeader("Referrer-Policy", "same-origin");
        try {
            switch (request.getMethod()) {
                case "GET", "HEAD" -> get(request, response);
                case "POST" -> post(request, response);
                default -> throw methodNotAllowed(request);
            }
        } catch (FactoryException failure) {
            ServletErrors.send(response, failure);
        } catch (BodyTooLargeException failure) {
            ServletErrors.send(response, failure.toFailure());
        }
    }

    void get(HttpServletRequest request, HttpServletResponse response) throws IOException {
        throw methodNotAllowed(request);
    }

    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        throw methodNotAllowed(request);
    }

    private static FactoryException methodNotAllowed(HttpServletRequest request) {
        return new FactoryException(
                ErrorCode.METHOD_NOT_ALLOWED,
                "Not allowed: " + request.getMethod() + " on " + request.getRequestURI() + ".");
    }

    static void json(HttpServletResponse response, int status, Object body) throws IOException {
        byte[] bytes = Json.write(body);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Sends the browser on after a form, with a request of its own. */
    static void seeOther(HttpServletResponse response, String location) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", location);
    }
}
