package org.llmfactory.dataplane.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** A service that does what the test says, and keeps the streams it has taken. */
public final class ScriptedService implements StreamService {
    private static final long DEADLINE_SECONDS = 30;

    private final String name;
    private final Callers callers;
    private final BiFunction<AgentStream, byte[], StreamListener> script;
    private final BlockingQueue<AgentStream> streams = new LinkedBlockingQueue<>();

    public ScriptedService(String name, Callers callers, BiFunction<AgentStream, byte[], StreamListener> script) {
        this.name = name;
        this.callers = callers;
        this.script = script;
    }

    /** One that hears everything with the same listener. */
    public static ScriptedService heardBy(String name, StreamListener listener) {
        return new ScriptedService(name, Callers.NETWORK, (stream, request) -> listener);
    }

    /** One that sends back what comes. */
    public static ScriptedService echo() {
        return new ScriptedService("echo", Callers.NETWORK, (stream, request) -> new Echo(stream));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Callers callers() {
        return callers;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        StreamListener listener = script.apply(stream, request);
        streams.add(stream);
        return listener;
    }

    /** The next stream that was taken. */
    public AgentStream taken() throws InterruptedException {
        AgentStream stream = streams.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("No stream was taken");
        }
        return stream;
    }

    private record Echo(AgentStream stream) implements StreamListener {
        @Override
        public void onMessage(byte[] message) {
            stream.send(message);
        }

        @Override
        public void onEnd() {
            stream.finish();
        }

        @Override
        public void onFailure(org.llmfactory.api.error.FactoryException reason) {
            // The test looks at the other end.
        }
    }
}
