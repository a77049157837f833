package org.llmfactory.inference.remote.controller;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How long other agents are waited for. */
@ObjectClassDefinition(name = "LLM Factory: engines of other agents")
@interface Config {
    String PID = "org.llmfactory.inference.remote";

    @AttributeDefinition(
            description = "Milliseconds that a node may take to accept a generation before another is asked")
    int openMillis() default 10_000;
}
