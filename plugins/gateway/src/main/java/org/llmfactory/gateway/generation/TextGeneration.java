package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.model.ResolvedModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Starts generations: the one door from the resources to the engines. */
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

    private final InFlight inFlight;
    private final GatewayMetrics metrics;
    private final Config config;

    @Activate
    public TextGeneration(@Reference InFlight inFlight, @Reference GatewayMetrics metrics, Config config) {
        this.inFlight = inFlight;
        this.metrics = metrics;
        this.config = config;
    }

    /**
     * Queues the sequences of a request. Whoever calls closes the generation.
     *
     * @param id the response's id
     * @param prompts token ids
     * @param candidates answers to each prompt
     * @throws FactoryException when the request is refused
     */
    public Generation start(
            Caller caller,
            String id,
            ResolvedModel model,
            List<int[]> prompts,
            int candidates,
            GenerationOptions options) {
        inFlight.enter();
        GatewayMetrics.Request measured = metrics.begin(model);
        boolean started = false;
        try {
            if ((long) prompts.size() * candidates > config.maxSequences()) {
                throw new FactoryException(
                        ErrorCode.INVALID_VALUE,
                        "A request may have " + config.maxSequences() + " answers in all, but this one asks for "
                                + (long) prompts.size() * candidates + ".");
            }
            Duration deadline = Duration.ofSeconds(config.deadlineSeconds());
            GenerationPlan plan =
                    new GenerationPlan(id, caller.tenant(), model, prompts, candidates, options, deadline);
            Generation generation = Generation.start(plan, measured, inFlight::exit);
            started = true;
            return generation;
        } catch (FactoryException refused) {
            measured.failed(refused.code());
            throw refused;
        } finally {
            if (!started) {
                inFlight.exit();
            }
        }
    }
}
