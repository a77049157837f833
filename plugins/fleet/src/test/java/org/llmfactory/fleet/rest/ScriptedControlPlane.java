package org.llmfactory.fleet.rest;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;

/** Agents that know the actions {@code agent.actions} and {@code echo}. */
final class ScriptedControlPlane implements ControlPlane {
    record Call(AgentAddress to, String action, String arguments, Duration deadline) {}

    final List<Call> calls = new CopyOnWriteArrayList<>();

    @Override
    public <R extends Record> CompletableFuture<R> call(
            AgentAddress to, String action, Record arguments, Class<R> result, Duration deadline) {
        throw new IllegalStateException("the fleet knows no action's records");
    }

    @Override
    public CompletableFuture<String> callJson(AgentAddress to, String action, String arguments, Duration deadline) {
        calls.add(new Call(to, action, arguments, deadline));
        return switch (action) {
            case "agent.actions" -> CompletableFuture.completedFuture("{\"actions\":[{\"name\":\"echo\"}]}");
            case "echo" -> CompletableFuture.completedFuture(arguments);
            default ->
                CompletableFuture.failedFuture(new FactoryException(
                        ErrorCode.NOT_FOUND, "The agent " + to + " has no action " + action + "."));
        };
    }
}
