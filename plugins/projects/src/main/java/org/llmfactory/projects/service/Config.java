package org.llmfactory.projects.service;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Who is let in, and what identity providers' groups are worth. */
@ObjectClassDefinition(name = "LLM Factory: people and projects")
public @interface Config {
    /** The configuration's name. */
    String PID = "org.llmfactory.projects";

    @AttributeDefinition(
            name = "Admit newcomers",
            description = "Whether people whom the identity provider vouches for become readers of the organization"
                    + " without an invitation.")
    boolean admitNewcomers() default false;

    @AttributeDefinition(
            name = "Group mapping",
            description = "What groups of the identity provider are worth, beside the groups of the same name here."
                    + " Lines like 'llm-admins=organization:owner' or 'nurses=proj_x:member'.")
    String[] groupMapping() default {};
}
