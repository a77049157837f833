package org.llmfactory.fleet.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.agent.logs.LogRequest;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** An agent's log of three lines, which ends unless it is followed. */
final class CountingLogs implements StreamService {
    final List<String> requests = new CopyOnWriteArrayList<>();
    volatile boolean readerHasGone;

    @Override
    public String name() {
        return LogRequest.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        requests.add(new String(request, UTF_8));
        for (int i = 0; i < 3; i++) {
            stream.send(("{\"message\":\"line " + i + "\"}").getBytes(UTF_8));
        }
        if (!new String(request, UTF_8).contains("\"follow\":true")) {
            stream.finish();
        }
        return new StreamListener() {
            @Override
            public void onMessage(byte[] message) {}

            @Override
            public void onEnd() {}

            @Override
            public void onFailure(FactoryException reason) {
                readerHasGone = true;
            }
        };
    }
}
