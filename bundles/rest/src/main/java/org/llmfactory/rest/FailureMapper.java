package org.llmfactory.rest;

import java.util.Locale;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.NotAllowedException;
import javax.ws.rs.NotFoundException;
import javax.ws.rs.NotSupportedException;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure of a resource as an OpenAI error body. The only place where a JAX-RS error response is made. */
@Provider
final class FailureMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureMapper.class);

    @Context
    private @Nullable HttpServletRequest request;

    /** For the container, which injects the request. */
    FailureMapper() {}

    FailureMapper(HttpServletRequest request) {
        this.request = request;
    }

    @Override
    public Response toResponse(Throwable failure) {
        FactoryException known = FailureText.find(failure, FactoryException.class);
        if (known != null) {
            return respond(known);
        }
        BodyTooLargeException tooLarge = FailureText.find(failure, BodyTooLargeException.class);
        if (tooLarge != null) {
            return respond(tooLarge.toFailure());
        }
        WebApplicationException web = FailureText.find(failure, WebApplicationException.class);
        if (web != null && web.getResponse().getStatus() < 500) {
            return respond(web);
        }
        LOG.error("Request {} failed", requestId(), failure);
        return respond(FailureText.internal(requestId()));
    }

    private Response respond(WebApplicationException failure) {
        if (failure instanceof NotFoundException) {
            return respond(new FactoryException(ErrorCode.NOT_FOUND, FailureText.invalidUrl(method(), path())));
        }
        int status = failure.getResponse().getStatus();
        Response.ResponseBuilder response =
                Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(body(failure, status));
        Object allow = failure.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
        if (allow != null) {
            response.header(HttpHeaders.ALLOW, allow);
        }
        return response.build();
    }

    private ErrorBody body(WebApplicationException failure, int status) {
        if (failure instanceof NotAllowedException) {
            return ErrorBody.of(status, "Not allowed: " + method() + " on " + path() + ".");
        }
        if (failure instanceof NotSupportedException) {
            return ErrorBody.of(
                    status,
                    "The body of " + method() + " " + path() + " has a media type that is not taken here;"
                            + " send 'Content-Type: application/json' unless the documentation says otherwise.");
        }
        String reason = failure.getResponse().getStatusInfo().getReasonPhrase();
        return ErrorBody.of(status, "The request cannot be served: " + reason.toLowerCase(Locale.ROOT) + ".");
    }

    private Response respond(FactoryException failure) {
        ErrorCode code = failure.code();
        if (code.status() >= 500) {
            LOG.warn("Request {} failed: {}", requestId(), failure.getMessage(), failure.getCause());
        }
        Response.ResponseBuilder response = Response.status(code.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ErrorBody.of(failure));
        ErrorHeaders.of(failure).forEach(response::header);
        return response.build();
    }

    private String method() {
        return request == null ? "?" : request.getMethod();
    }

    private String path() {
        return request == null ? "?" : FailureText.path(request);
    }

    private String requestId() {
        return request == null ? "?" : String.valueOf(request.getAttribute(RequestAttributes.REQUEST_ID));
    }
}
