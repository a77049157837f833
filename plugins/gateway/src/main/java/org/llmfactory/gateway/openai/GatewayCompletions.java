package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.api.completion.Completions;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers what comes from within the platform the way requests are answered. */
@Component
public final class GatewayCompletions implements Completions {
    private final ChatAnswers chats;
    private final TextAnswers texts;

    @Activate
    public GatewayCompletions(
            @Reference ModelResolver models,
            @Reference TextGeneration generations,
            @Reference Governance governance,
            @Reference RequestLimits limits) {
        this.chats = new ChatAnswers(models, generations, new StoredChats(governance), limits);
        this.texts = new TextAnswers(models, generations, limits);
    }

    @Override
    public Map<String, Object> chat(Caller caller, Map<String, Object> request) throws InterruptedException {
        try (ChatAnswers.Begun begun = chats.begin(client(caller), body(request), null)) {
            return Json.map(begun.complete());
        }
    }

    @Override
    public Map<String, Object> text(Caller caller, Map<String, Object> request) throws InterruptedException {
        try (TextAnswers.Begun begun = texts.begin(client(caller), body(request))) {
            return Json.map(begun.complete());
        }
    }

    private static Client client(Caller caller) {
        AccessPolicy.checkAny(caller, Action.GENERATE, caller.project());
        return new Client(caller, "");
    }

    private static ObjectNode body(Map<String, Object> request) {
        ObjectNode body = Json.MAPPER.valueToTree(request);
        return body.without(List.of("stream", "stream_options"));
    }
}
