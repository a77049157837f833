package org.llmfactory.gateway.openai;

import javax.ws.rs.core.Application;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.http.AuthenticationTiming;
import org.llmfactory.gateway.http.RequestIdHeader;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelDirectory;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** OpenAI's interface to models and completions. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1")
@JaxrsName("gateway-openai")
public final class OpenAiApplication extends FactoryApplication {
    @Activate
    public OpenAiApplication(
            @Reference ModelDirectory directory,
            @Reference ModelResolver models,
            @Reference TextGeneration generations,
            @Reference Governance governance,
            @Reference RequestLimits limits) {
        super(
                new ModelsResource(directory, governance),
                new ChatCompletionsResource(new ChatAnswers(models, generations, new StoredChats(governance), limits)),
                new StoredCompletionsResource(new StoredChats(governance)),
                new CompletionsResource(new TextAnswers(models, generations, limits)),
                new RequestIdHeader(),
                new AuthenticationTiming());
    }
}
