package org.llmfactory.gateway.openai;

import java.time.Instant;
import java.util.UUID;
import javax.ws.rs.core.Response;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.http.RouteHeader;
import org.llmfactory.gateway.model.ResolvedModel;

/** What all responses with generated text carry. */
final class Responses {
    private Responses() {}

    static ResponseFacts facts(String prefix, ResolvedModel model, boolean includeUsage) {
        String id = prefix + UUID.randomUUID().toString().replace("-", "");
        return new ResponseFacts(id, Instant.now().getEpochSecond(), model, includeUsage);
    }

    /** Says in headers too which model and adapters answered, and to operators where. */
    static Response of(Response.ResponseBuilder response, Caller caller, ResolvedModel model) {
        response.header("x-model-id", model.base().id());
        if (!model.adapters().isEmpty()) {
            response.header("x-adapter-id", model.adapterNames());
        }
        RouteHeader.of(caller, model).forEach(response::header);
        return response.build();
    }
}
