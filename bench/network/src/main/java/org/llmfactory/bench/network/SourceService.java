package org.llmfactory.bench.network;

import java.time.Duration;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.osgi.service.component.annotations.Component;

/** The stream service {@value #NAME}: sends what was ordered as fast as the stream takes it, once the opener says go. */
@Component(service = StreamService.class)
public final class SourceService implements StreamService {
    static final String NAME = "bench.source";

    private static final Duration STALL = Duration.ofSeconds(30);

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
        return new Source(stream, Order.of(request));
    }

    private static final class Source implements StreamListener {
        private final AgentStream stream;
        private final Order order;

        Source(AgentStream stream, Order order) {
            this.stream = stream;
            this.order = order;
        }

        /** Go. */
        @Override
        public void onMessage(byte[] message) {
            Thread thread = new Thread(this::send, "bench-source");
            thread.setDaemon(true);
            thread.start();
        }

        private void send() {
            byte[] message = new byte[order.size()];
            try {
                for (int i = 0; i < order.messages(); i++) {
                    if (!stream.awaitWritable(STALL)) {
                        stream.cancel("Nothing was taken for " + STALL.toSeconds() + " seconds.");
                        return;
                    }
                    stream.send(message);
                }
                stream.finish();
            } catch (InterruptedException e) {
                stream.cancel("The agent is stopping.");
            } catch (FactoryException ended) {
                // The opener hears of it by itself.
                stream.cancel(String.valueOf(ended.getMessage()));
            }
        }

        @Override
        public void onEnd() {
            // The opener has nothing more to say.
        }

        @Override
        public void onFailure(FactoryException reason) {
            // Sending ends by it.
        }
    }
}
