package org.llmfactory.api.network;

import java.util.List;

/**
 * An action as it describes itself.
 *
 * @param name see {@link AgentAction#name}
 * @param why see {@link AgentAction#why}
 * @param callers who may ask
 * @param parameters the fields of its arguments
 * @param returns the fields of its result
 */
public record ActionInfo(
        @Meaning("its name") String name,
        @Meaning("what it is for") String why,
        @Meaning("who may ask") Callers callers,
        @Meaning("the fields of its arguments") List<Field> parameters,
        @Meaning("the fields of its result") List<Field> returns) {
    public ActionInfo {
        parameters = List.copyOf(parameters);
        returns = List.copyOf(returns);
    }

    /**
     * A field of an action's arguments or result.
     *
     * @param name as JSON has it
     * @param type in words, for example {@code string} or {@code list of string}
     * @param meaning see {@link Meaning}
     */
    public record Field(
            @Meaning("its name in JSON") String name,
            @Meaning("its type in words") String type,
            @Meaning("what it is") String meaning) {}
}
