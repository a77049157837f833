package org.llmfactory.policies.limit;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one limit allows in a minute.
 *
 * @param holder whose limit it is: id of a project or key
 * @param model the base model it is for; empty where it is for all of them together
 * @param label what people call it, for example {@code the project's limit for 'llama'}
 * @param requests in a minute; empty for no bound
 * @param tokens in a minute, input and output together; empty for no bound
 */
public record Allowance(String holder, String model, String label, OptionalLong requests, OptionalLong tokens) {
    /** A project's limit for a model. */
    public static Allowance ofProject(String project, String model, int requests, long tokens) {
        return new Allowance(
                project,
                model,
                "the project's limit for '" + model + "'",
                OptionalLong.of(requests),
                OptionalLong.of(tokens));
    }

    /** An API key's own limit. */
    public static Allowance ofKey(String key, OptionalInt requests, OptionalLong tokens) {
        OptionalLong perMinute = requests.isPresent() ? OptionalLong.of(requests.getAsInt()) : OptionalLong.empty();
        return new Allowance(key, "", "the API key's limit", perMinute, tokens);
    }
}
