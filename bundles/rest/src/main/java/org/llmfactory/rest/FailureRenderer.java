package org.llmfactory.rest;

import java.lang.annotation.Annotation;
import java.util.Locale;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.ext.Provider;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every failure as an OpenAI error body, the only place where JAX-RS answers with one. A response filter rather than part
 * of the exception mapper, because the mapper cannot be told its request: injected proxies of CXF do not fit the copy of
 * them in the whiteboard bundle.
 */
@Provider
final class FailureRenderer implements ContainerResponseFilter {
    private static final Logger LOG = LoggerFactory.getLogger(FailureRenderer.class);

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof FailureMapper.Failure failure) {
            render(failure.cause(), request, response);
        }
    }

    private static void render(Throwable failure, ContainerRequestContext request, ContainerResponseContext response) {
        FactoryException known = FailureText.find(failure, FactoryException.class);
        if (known != null) {
            render(known, request, response);
            return;
        }
        BodyTooLargeException tooLarge = FailureText.find(failure, BodyTooLargeException.class);
        if (tooLarge != null) {
            render(tooLarge.toFailure(), request, response);
            return;
        }
        WebApplicationException web = FailureText.find(failure, WebApplicationException.class);
        if (web != null && web.getResponse().getStatus() < 500) {
            render(web, request, response);
            return;
        }
        LOG.error("Request {} failed", requestId(request), failure);
        render(FailureText.internal(requestId(request)), request, response);
    }

    private static void render(
            WebApplicationException failure, ContainerRequestContext request, ContainerResponseContext response) {
        int status = failure.getResponse().getStatus();
        if (status == ErrorCode.NOT_FOUND.status()) {
            String message = FailureText.invalidUrl(request.getMethod(), path(request));
            render(new FactoryException(ErrorCode.NOT_FOUND, message), request, response);
            return;
        }
        Object allow = failure.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
        if (allow != null) {
            response.getHeaders().putSingle(HttpHeaders.ALLOW, allow);
        }
        send(status, ErrorBody.of(status, message(failure, request)), response);
    }

    private static String message(WebApplicationException failure, ContainerRequestContext request) {
        int status = failure.getResponse().getStatus();
        if (status == ErrorCode.METHOD_NOT_ALLOWED.status()) {
            return "Not allowed: " + request.getMethod() + " on " + path(request) + ".";
        }
        if (status == ErrorCode.UNSUPPORTED_MEDIA_TYPE.status()) {
            return "The body of " + request.getMethod() + " " + path(request)
                    + " has a media type that is not taken here;"
                    + " send 'Content-Type: application/json' unless the documentation says otherwise.";
        }
        String reason = failure.getResponse().getStatusInfo().getReasonPhrase();
        return "The request cannot be served: " + reason.toLowerCase(Locale.ROOT) + ".";
    }

    private static void render(
            FactoryException failure, ContainerRequestContext request, ContainerResponseContext response) {
        if (failure.code() != ErrorCode.INTERNAL && failure.code().status() >= 500) {
            LOG.warn("Request {} failed: {}", requestId(request), failure.getMessage(), failure.getCause());
        }
        ErrorHeaders.of(failure).forEach(response.getHeaders()::putSingle);
        send(failure.code().status(), ErrorBody.of(failure), response);
    }

    private static void send(int status, ErrorBody body, ContainerResponseContext response) {
        response.setStatus(status);
        response.setEntity(body, new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
    }

    private static String path(ContainerRequestContext request) {
        Object written = request.getProperty(RequestAttributes.PATH);
        return written instanceof String path
                ? path
                : request.getUriInfo().getRequestUri().getRawPath();
    }

    private static String requestId(ContainerRequestContext request) {
        return String.valueOf(request.getProperty(RequestAttributes.REQUEST_ID));
    }
}
