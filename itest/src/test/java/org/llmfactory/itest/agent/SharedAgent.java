package org.llmfactory.itest.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One running agent for all test classes that ask for a {@link Platform} in their constructor: each start costs seconds.
 * Whoever makes things on it gives them names of his own, and leaves alone what others made.
 */
public final class SharedAgent implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedAgent.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, type -> Running.start(), Running.class)
                .served();
    }

    /** Closed when the last test is over. */
    private record Running(RunningAgent agent, Platform platform) implements CloseableResource {
        static Running start() {
            try {
                RunningAgent agent = RunningAgent.start();
                return new Running(agent, new Platform(agent));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits outside of the start, so that an agent that never serves is closed too. */
        Platform served() {
            agent.awaitServed();
            return platform;
        }

        @Override
        public void close() throws Exception {
            agent.close();
        }
    }
}
