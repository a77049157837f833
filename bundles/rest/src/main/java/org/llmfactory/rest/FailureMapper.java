package org.llmfactory.rest;

import java.util.Objects;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.Provider;

/** Hands every failure of a resource to the {@link FailureRenderer}, which knows the request it belongs to. */
@Provider
final class FailureMapper implements ExceptionMapper<Throwable> {
    /** A failure on its way out. */
    record Failure(Throwable cause) {
        Failure {
            Objects.requireNonNull(cause, "cause");
        }
    }

    @Override
    public Response toResponse(Throwable failure) {
        return Response.serverError().entity(new Failure(failure)).build();
    }
}
