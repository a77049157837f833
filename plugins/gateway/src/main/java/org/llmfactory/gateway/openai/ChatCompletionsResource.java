package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.Consumes;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.RequestIdHeader;
import org.llmfactory.rest.ErrorBody;
import org.llmfactory.rest.Requires;
import org.llmfactory.rest.ServerSentEvents;

/** Answers conversations. Whether the answer is streamed is said by the body, never by the Accept header. */
@Path("chat/completions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, ServerSentEvents.MEDIA_TYPE})
public final class ChatCompletionsResource {
    private final ChatAnswers answers;

    ChatCompletionsResource(ChatAnswers answers) {
        this.answers = answers;
    }

    @POST
    @Requires(Action.GENERATE)
    public Response create(
            ObjectNode body,
            @HeaderParam(RequestIdHeader.NAME) @Nullable String requestId,
            @Context SecurityContext security)
            throws InterruptedException {
        Client client = Client.of(security);
        ChatAnswers.Begun begun = answers.begin(client, body, requestId);
        if (begun.isStream()) {
            ChunkWriter writer = new ChunkWriter(begun.answer());
            EventStream stream = new EventStream(begun.generation(), writer, ErrorBody::eventOf);
            return Responses.of(stream.response(), client.caller(), begun.model());
        }
        try (begun) {
            ChatCompletion completion = begun.complete();
            return Responses.of(begun.generation().response(completion), client.caller(), begun.model());
        }
    }
}
