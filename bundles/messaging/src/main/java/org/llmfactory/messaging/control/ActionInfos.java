package org.llmfactory.messaging.control;

import java.util.regex.Pattern;
import org.llmfactory.api.network.ActionInfo;
import org.llmfactory.api.network.AgentAction;

/**
 * Describes actions from what they say of themselves. An action that does not say enough is not offered; the tests of every
 * bundle that has actions ask this, so that none comes so far.
 */
public final class ActionInfos {
    private static final int MAXIMUM_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+");

    private ActionInfos() {}

    /**
     * Describes an action. A field that is a record is described field by field: {@code plugins} has the type {@code list of
     * object}, {@code plugins[].name} is a field of each.
     *
     * @throws IllegalArgumentException when its name is malformed, it does not say what it is for, a component of a record
     *     lacks its {@link org.llmfactory.api.network.Meaning} or is of a type that the control plane does not carry; the
     *     message says which
     */
    public static ActionInfo describe(AgentAction<?, ?> action) {
        String name = action.name();
        if (name.length() > MAXIMUM_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' of " + action.getClass().getName()
                            + " is no action's name: two or more lower-case words, parted by dots");
        }
        if (action.why().isBlank()) {
            throw new IllegalArgumentException("The action " + name + " does not say what it is for");
        }
        try {
            return new ActionInfo(
                    name,
                    action.why(),
                    action.callers(),
                    RecordFields.of(action.arguments()),
                    RecordFields.of(action.result()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The action " + name + ": " + e.getMessage(), e);
        }
    }
}
