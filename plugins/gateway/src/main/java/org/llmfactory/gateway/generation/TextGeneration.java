package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.model.AppliedAdapter;
import org.llmfactory.gateway.model.ResolvedModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Starts generations: the one door from the resources to the engines, kept by the governor. */
@Component(service = TextGeneration.class, configurationPid = "org.llmfactory.gateway.generation")
@Designate(ocd = TextGeneration.Config.class)
public final class TextGeneration {
    /** Limits of a request. */
    @ObjectClassDefinition(name = "LLM Factory: generation of text")
    public @interface Config {
        @AttributeDefinition(description = "Seconds after which a request that is not answered fails")
        int deadlineSeconds() default 600;

        @AttributeDefinition(description = "Sequences of one request, over all its prompts and candidates")
        int maxSequences() default 128;
    }

    /** What the ledger counts generated text under, whichever interface it was asked through. */
    private static final String ENDPOINT = "completions";

    private final InFlight inFlight;
    private final GatewayMetrics metrics;
    private final Governance governance;
    private final Config config;

    @Activate
    public TextGeneration(
            @Reference InFlight inFlight,
            @Reference GatewayMetrics metrics,
            @Reference Governance governance,
            Config config) {
        this.inFlight = inFlight;
        this.metrics = metrics;
        this.governance = governance;
        this.config = config;
    }

    /**
     * Lets a request in and queues its sequences. Whoever calls closes the generation.
     *
     * @param id the response's id
     * @param candidates answers to each prompt
     * @throws FactoryException when the request is refused: by its own bounds before the governor is asked, by the
     *     governor before anything is queued, or by the engine
     */
    public Generation start(
            Client client, String id, ResolvedModel model, TextInput input, int candidates, GenerationOptions options) {
        inFlight.enter();
        GatewayMetrics.Request measured = metrics.begin(client.caller().project(), model);
        boolean admitted = false;
        try {
            check(input, candidates);
            GenerationPlan plan = new GenerationPlan(
                    id,
                    client.caller().project(),
                    model,
                    input.prompts(),
                    candidates,
                    options,
                    Duration.ofSeconds(config.deadlineSeconds()));
            List<GenerationRequest> requests = plan.requests();
            Admission admission = governance.governor().admit(client.caller(), work(client, plan, input));
            admitted = true;
            return Generation.start(plan, requests, new Account(admission, measured, inFlight::exit));
        } catch (FactoryException refused) {
            measured.failed(refused.code());
            throw refused;
        } finally {
            if (!admitted) {
                inFlight.exit();
            }
        }
    }

    private void check(TextInput input, int candidates) {
        long answers = (long) input.prompts().size() * candidates;
        if (answers > config.maxSequences()) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "A request may have " + config.maxSequences() + " answers in all, but this one asks for " + answers
                            + ".");
        }
    }

    private static Work work(Client client, GenerationPlan plan, TextInput input) {
        List<AppliedAdapter> adapters = plan.model().answering();
        return new Work(
                plan.id(),
                ENDPOINT,
                client.address(),
                plan.model().base().id(),
                adapters.stream().map(AppliedAdapter::digest).toList(),
                adapters.stream().map(AppliedAdapter::name).toList(),
                input.texts(),
                input.tokens(),
                plan.maxTokens());
    }
}
