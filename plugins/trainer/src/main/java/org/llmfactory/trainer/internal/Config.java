package org.llmfactory.trainer.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How adapters are trained on this agent. */
@ObjectClassDefinition(
        name = "LLM Factory Trainer",
        description = "Which base models adapters are trained on, and what training may use.")
@interface Config {
    /** PID of the configuration. */
    String PID = "org.llmfactory.trainer";

    @AttributeDefinition(description = "Ids of the base models to train on; * for all on this agent.")
    String[] models() default {"*"};

    @AttributeDefinition(description = "Runs at a time; those of one base model step together.")
    int maxRuns() default 8;

    @AttributeDefinition(
            description =
                    "Type of the base model's weights in memory: float32, bfloat16, or auto for the fastest on this"
                            + " device. Adapters are always kept in float32.")
    String weightType() default "auto";

    @AttributeDefinition(
            description =
                    "Tokens that are computed at once, of all runs together. More fill the processor better and take"
                            + " more memory.")
    int maxTokensAtOnce() default 2048;

    @AttributeDefinition(
            description = "Whether activations are computed again for the gradient rather than kept: a third more work,"
                    + " a tenth of the memory.")
    boolean recomputeActivations() default false;

    @AttributeDefinition(description = "Tokens of a dataset at most.")
    long maxDatasetTokens() default 50_000_000;

    @AttributeDefinition(description = "Seconds that a base model stays loaded after its last run.")
    int idleSeconds() default 60;
}
