package org.llmfactory.sysinfo.health;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Which checks an agent has when it is complete. */
@ObjectClassDefinition(name = "Health")
public @interface Config {
    /** Names of checks. */
    @AttributeDefinition(
            name = "Checks",
            description =
                    "Names of checks that must be there. While one is not, the agent is not healthy: checks appear"
                            + " one by one while it starts.")
    String[] checks();
}
