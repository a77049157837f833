package org.llmfactory.finetuning.job;

/** The names of what is known of a job. */
public final class Facts {
    public static final String DATA = "data";
    public static final String VALIDATION = "validation";
    public static final String HYPERPARAMETERS = "hyperparameters";
    public static final String EXAMPLES = "examples";
    public static final String PLAN = "plan";
    public static final String STEP = "step";
    public static final String TRAINED_TOKENS = "trained_tokens";
    public static final String SECONDS_PER_STEP = "seconds_per_step";
    public static final String ENVIRONMENT = "environment";
    public static final String ERROR = "error";
    public static final String RESULT_FILES = "result_files";
    public static final String ADAPTER_DIGEST = "adapter_digest";

    private Facts() {}
}
