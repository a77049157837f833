package org.llmfactory.executor;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What may be run, beside the files in {@code <home>/executor}. By default nothing. */
@ObjectClassDefinition(name = "LLM Factory: executor")
public @interface Config {
    /** The configuration's name. */
    String PID = "org.llmfactory.executor";

    @AttributeDefinition(description = "Commands that may be run, each a JSON object as in the files")
    String[] commands() default {};

    @AttributeDefinition(description = "Processes of all commands at once")
    int maximumRunning() default 16;

    @AttributeDefinition(description = "Seconds that a process has to end by itself before it is killed")
    int graceSeconds() default 5;
}
