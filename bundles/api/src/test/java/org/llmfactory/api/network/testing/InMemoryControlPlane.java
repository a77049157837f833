package org.llmfactory.api.network.testing;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;

/**
 * The control planes of a network in memory: actions by agent, called on threads of its own, with the rules of {@code
 * mayReach} and {@code Callers}. Records are carried over by the names of their components.
 */
public final class InMemoryControlPlane implements AutoCloseable {
    private final Map<AgentAddress, Map<String, AgentAction<?, ?>>> actions = new ConcurrentHashMap<>();
    private final Set<AgentAddress> cut = new CopyOnWriteArraySet<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "in-memory control plane");
        thread.setDaemon(true);
        return thread;
    });

    /** Offers an action of an agent, in the place of one of the same name. */
    public void offer(AgentAddress agent, AgentAction<?, ?> action) {
        actions.computeIfAbsent(agent, address -> new ConcurrentHashMap<>()).put(action.name(), action);
    }

    /** Lets nothing through to an agent: calls end at their deadline. */
    public void cut(AgentAddress agent) {
        cut.add(agent);
    }

    /** Lets calls through again. */
    public void heal(AgentAddress agent) {
        cut.remove(agent);
    }

    /** The control plane as one agent has it. */
    public ControlPlane of(AgentAddress self) {
        return new ControlPlane() {
            @Override
            public <R extends Record> CompletableFuture<R> call(
                    AgentAddress to, String action, Record arguments, Class<R> result, Duration deadline) {
                return start(self, to, action, arguments, result, deadline);
            }

            @Override
            public CompletableFuture<String> callJson(
                    AgentAddress to, String action, String arguments, Duration deadline) {
                throw new UnsupportedOperationException("There is no JSON in memory");
            }
        };
    }

    private <R extends Record> CompletableFuture<R> start(
            AgentAddress from, AgentAddress to, String action, Record arguments, Class<R> result, Duration deadline) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        if (!cut.contains(to) && !cut.contains(from)) {
            threads.execute(() -> perform(from, to, action, arguments, result, answer));
        }
        CompletableFuture.delayedExecutor(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> answer.completeExceptionally(new FactoryException(
                        ErrorCode.DEADLINE_EXCEEDED, "The agent " + to + " did not answer in time.")));
        return answer;
    }

    private <R extends Record> void perform(
            AgentAddress from,
            AgentAddress to,
            String name,
            Record arguments,
            Class<R> result,
            CompletableFuture<R> answer) {
        try {
            AgentAction<?, ?> action = actions.getOrDefault(to, Map.of()).get(name);
            if (!from.mayReach(to)) {
                throw new FactoryException(ErrorCode.PERMISSION_DENIED, from + " may not reach " + to + ".");
            }
            if (action == null) {
                throw new FactoryException(ErrorCode.NOT_FOUND, "The agent " + to + " has no action " + name + ".");
            }
            if (!action.callers().include(from, to)) {
                throw new FactoryException(ErrorCode.PERMISSION_DENIED, from + " may not ask for " + name + ".");
            }
            answer.complete(RecordCopies.copy(perform(action, from, arguments), result));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static <A extends Record, R extends Record> Record perform(
            AgentAction<A, R> action, AgentAddress from, Record arguments) throws InterruptedException {
        return action.perform(from, RecordCopies.copy(arguments, action.arguments()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
