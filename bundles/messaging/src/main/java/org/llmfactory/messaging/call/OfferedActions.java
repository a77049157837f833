package org.llmfactory.messaging.call;

import java.util.List;
import java.util.Optional;
import org.llmfactory.api.network.ActionInfo;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;

/** The action {@code agent.actions}. */
final class OfferedActions implements AgentAction<OfferedActions.Question, OfferedActions.Actions> {
    private final ActionTable table;

    OfferedActions(ActionTable table) {
        this.table = table;
    }

    record Question(
            @Meaning("how the names begin; absent for all actions")
            Optional<String> prefix) {}

    record Actions(@Meaning("the actions, by name") List<ActionInfo> actions) {}

    @Override
    public String name() {
        return "agent.actions";
    }

    @Override
    public String why() {
        return "Tells which actions this agent offers, what they are for, what they take and what they return";
    }

    @Override
    public Class<Question> arguments() {
        return Question.class;
    }

    @Override
    public Class<Actions> result() {
        return Actions.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Actions perform(AgentAddress caller, Question question) {
        return new Actions(table.infos().stream()
                .filter(info -> info.name().startsWith(question.prefix().orElse("")))
                .toList());
    }
}
