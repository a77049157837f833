package org.llmfactory.sysinfo.report;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an agent says of itself that it cannot find out. */
@ObjectClassDefinition(name = "Reports")
public @interface Config {
    /** The feature. */
    @AttributeDefinition(name = "Feature", description = "What the agent was started as, for example cpu-node.")
    String feature() default "agent";
}
