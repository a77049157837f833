package org.llmfactory.enrollment;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What this controller is called, and whether it is found. */
@ObjectClassDefinition(name = "LLM Factory: enrollment")
public @interface Config {
    /** The configuration's name. */
    String PID = "org.llmfactory.enrollment";

    @AttributeDefinition(
            name = "Name",
            description = "What this controller is called in the network that it founds: lower-case letters, digits and"
                    + " '-'. Empty: its host's name and four digits of its own. Without effect once it is a member.")
    String name() default "";

    @AttributeDefinition(
            name = "Discovery",
            description =
                    "Whether agents on the local network find this controller by multicast, when they have a token"
                            + " of its network.")
    boolean discovery() default false;
}
