package org.llmfactory.inference.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How engines are run. Each model has an engine, and each engine these limits, of its own. */
@ObjectClassDefinition(
        name = "LLM Factory Inference",
        description = "Which language models are served, and what each of their engines may use.")
@interface Config {
    /** PID of the configuration. */
    String PID = "org.llmfactory.inference";

    @AttributeDefinition(description = "Ids of the models to serve; * for all on this agent.")
    String[] models() default {"*"};

    @AttributeDefinition(
            description = "Type of the weights in memory: float32, bfloat16, or auto for the fastest on this device.")
    String weightType() default "auto";

    @AttributeDefinition(description = "Sequences of one batch.")
    int maxSequences() default 64;

    @AttributeDefinition(
            description =
                    "Tokens one step computes at most, prompts and completions together. Fewer keep the time between"
                            + " two tokens short while long prompts are computed; more compute prompts faster.")
    int maxTokensPerStep() default 512;

    @AttributeDefinition(description = "Requests that wait at most; one more is answered 503 with Retry-After.")
    int maxQueuedRequests() default 1024;

    @AttributeDefinition(description = "Of these, requests of one tenant; one more is answered 429 with Retry-After.")
    int maxQueuedRequestsPerTenant() default 768;

    @AttributeDefinition(
            description = "Memory for keys and values, in MiB; at least enough for one whole context is used.")
    int keyValueMebibytes() default 1024;

    @AttributeDefinition(description = "Tokens of one block of key-value memory: the unit of the prefix cache.")
    int blockTokens() default 16;

    @AttributeDefinition(description = "Memory of the device for adapters, in MiB.")
    int adapterMebibytes() default 1024;

    @AttributeDefinition(description = "Adapters loaded at the same time.")
    int adapterLoaders() default 4;

    @AttributeDefinition(
            description =
                    "Seconds a request may be passed over for want of adapter memory before memory is kept for it.")
    int adapterStarvationSeconds() default 3;

    @AttributeDefinition(description = "Steps that fail one after the other before the engine is reported as broken.")
    int criticalFailures() default 3;
}
