package org.llmfactory.fleet.roster;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How agents are watched, and how many. */
@ObjectClassDefinition(name = "Fleet")
public @interface Config {
    /** Silence. */
    @AttributeDefinition(
            name = "Silence",
            description = "Milliseconds without a sign of life after which an agent is not alive. Agents give two a"
                    + " second.")
    int silenceMillis() default 1500;

    /** Forgetting. */
    @AttributeDefinition(name = "Forget", description = "Seconds of silence after which an agent is forgotten.")
    int forgetSeconds() default 600;

    /** Agents. */
    @AttributeDefinition(name = "Agents", description = "How many agents may report; more are refused.")
    int maximumAgents() default 20_000;

    /** Report. */
    @AttributeDefinition(name = "Report", description = "The largest report, in bytes; a larger one is refused.")
    int maximumReportBytes() default 1 << 20;
}
