package org.llmfactory.policies.governor;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What holds where a project has decided nothing, and how budgets are leased. */
@ObjectClassDefinition(name = "LLM Factory: governor")
public @interface Config {
    @AttributeDefinition(
            description = "Requests of one project at work at once on this agent, unless it has its own limit")
    int maximumConcurrentRequests() default 256;

    @AttributeDefinition(
            description = "Tokens of a budget that this agent leases at a time; at most a sixteenth of the budget")
    long budgetLeaseTokens() default 50_000;

    @AttributeDefinition(description = "After this time without a request an agent gives its lease on a budget back")
    int budgetIdleSeconds() default 10;
}
