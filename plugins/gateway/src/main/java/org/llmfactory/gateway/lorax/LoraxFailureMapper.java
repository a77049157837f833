package org.llmfactory.gateway.lorax;

import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.Provider;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.ErrorHeaders;

/** Failures in LoRAX's shape. What is no {@link FactoryException}, an unknown URL say, keeps the shape of the house. */
@Provider
final class LoraxFailureMapper implements ExceptionMapper<FactoryException> {
    @Override
    public Response toResponse(FactoryException failure) {
        Response.ResponseBuilder response = Response.status(LoraxError.status(failure))
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(LoraxError.of(failure));
        ErrorHeaders.of(failure).forEach(response::header);
        return response.build();
    }
}
