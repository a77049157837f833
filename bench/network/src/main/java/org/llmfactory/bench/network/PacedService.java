package org.llmfactory.bench.network;

import java.nio.ByteBuffer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The stream service {@value #NAME}: sends so many messages a second once the opener says go. Each begins with the time at
 * which it was handed to the stream, by {@link System#nanoTime}. All streams send in the same moment and from one thread, as
 * the step of an engine gives every sequence of its batch a token.
 */
@Component(service = StreamService.class)
public final class PacedService implements StreamService {
    static final String NAME = "bench.paced";

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bench-pacer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        return new Paced(stream, Order.of(request));
    }

    @Deactivate
    void stop() {
        pacer.shutdownNow();
    }

    private final class Paced implements StreamListener {
        private final AgentStream stream;
        private final Order order;
        private @Nullable ScheduledFuture<?> steps;
        private int sent;

        Paced(AgentStream stream, Order order) {
            this.stream = stream;
            this.order = order;
        }

        /** Go, from the next step on that all streams of this pace have in common. */
        @Override
        public synchronized void onMessage(byte[] message) {
            if (steps == null) {
                long step = SECOND / Math.max(1, order.perSecond());
                long wait = step - Math.floorMod(System.nanoTime(), step);
                steps = pacer.scheduleAtFixedRate(this::step, wait, step, TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void step() {
            try {
                byte[] message = new byte[order.size()];
                ByteBuffer.wrap(message).putLong(System.nanoTime());
                stream.send(message);
                if (++sent == order.messages()) {
                    stream.finish();
                    end();
                }
            } catch (FactoryException ended) {
                end();
            }
        }

        private void end() {
            if (steps != null) {
                steps.cancel(false);
            }
        }

        @Override
        public void onEnd() {
            // The opener has nothing more to say.
        }

        @Override
        public synchronized void onFailure(FactoryException reason) {
            end();
        }
    }
}
