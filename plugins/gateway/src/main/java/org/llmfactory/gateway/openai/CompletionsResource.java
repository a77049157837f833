package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** Continues texts. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class CompletionsResource {
    private final TextAnswers answers;

    CompletionsResource(TextAnswers answers) {
        this.answers = answers;
    }

    @POST
    @Requires(Action.GENERATE)
    public Response create(ObjectNode body, @Context SecurityContext security) throws InterruptedException {
        Client client = Client.of(security);
        TextAnswers.Begun begun = answers.begin(client, body);
        ResolvedModel model = begun.facts().model();
        if (begun.isStream()) {
            CompletionWriter writer = new CompletionWriter(begun.mapper(), begun.facts(), begun.generation());
            EventStream stream = new EventStream(begun.generation(), writer, ErrorBody::eventOf);
            return Responses.of(stream.response(), client.caller(), model);
        }
        try (begun) {
            TextCompletion completion = begun.complete();
            return Responses.of(begun.generation().response(completion), client.caller(), model);
        }
    }
}
