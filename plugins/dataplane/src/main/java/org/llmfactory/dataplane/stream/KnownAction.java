package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.dataplane.frame.Direction;
import org.llmfactory.dataplane.frame.StreamId;
import org.llmfactory.dataplane.frame.StreamKey;

/** Says whether a stream is known: {@code stream.known}. */
final class KnownAction implements AgentAction<KnownArguments, KnownResult> {
    static final String NAME = "stream.known";

    private final StreamTable table;

    KnownAction(StreamTable table) {
        this.table = table;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String why() {
        return "Says whether this agent still has a stream, so that one to a restarted agent fails at once.";
    }

    @Override
    public Class<KnownArguments> arguments() {
        return KnownArguments.class;
    }

    @Override
    public Class<KnownResult> result() {
        return KnownResult.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public KnownResult perform(AgentAddress caller, KnownArguments arguments) {
        Direction hears = arguments.opener() ? Direction.FROM_OPENER : Direction.FROM_ACCEPTOR;
        Route route = table.find(new StreamKey(StreamId.of(arguments.stream()), hears));
        return new KnownResult(route != null && route.peer().equals(caller));
    }
}
