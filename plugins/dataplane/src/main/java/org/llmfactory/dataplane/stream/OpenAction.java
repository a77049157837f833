package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;

/** Takes streams: {@code stream.open}. */
final class OpenAction implements AgentAction<OpenArguments, OpenResult> {
    static final String NAME = "stream.open";

    private final StreamAcceptor acceptor;

    OpenAction(StreamAcceptor acceptor) {
        this.acceptor = acceptor;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String why() {
        return "Opens a stream to a service of this agent; the service decides whether it takes it.";
    }

    @Override
    public Class<OpenArguments> arguments() {
        return OpenArguments.class;
    }

    @Override
    public Class<OpenResult> result() {
        return OpenResult.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public OpenResult perform(AgentAddress caller, OpenArguments arguments) throws InterruptedException {
        return acceptor.accept(caller, arguments);
    }
}
