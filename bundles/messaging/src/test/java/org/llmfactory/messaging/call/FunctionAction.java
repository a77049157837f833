package org.llmfactory.messaging.call;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;

/** An action that does what a test says. */
final class FunctionAction implements AgentAction<FunctionAction.Text, FunctionAction.Text> {
    private final String name;
    private final Work work;

    record Text(@Meaning("a text") String text) {}

    interface Work {
        String apply(String text) throws InterruptedException;
    }

    FunctionAction(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String why() {
        return "Does what the test says";
    }

    @Override
    public Class<Text> arguments() {
        return Text.class;
    }

    @Override
    public Class<Text> result() {
        return Text.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Text perform(AgentAddress caller, Text arguments) throws InterruptedException {
        return new Text(work.apply(arguments.text()));
    }
}
