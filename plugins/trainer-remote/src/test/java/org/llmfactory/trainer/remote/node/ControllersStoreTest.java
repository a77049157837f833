package org.llmfactory.trainer.remote.node;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.storage.testing.ObjectStoreContract;
import org.llmfactory.api.training.testing.Heard;
import org.llmfactory.trainer.remote.controller.TestRun;
import org.llmfactory.trainer.remote.wire.Frame;

/** An object store at the other end of a stream is an object store. */
final class ControllersStoreTest extends ObjectStoreContract {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");

    private final InMemoryDataPlane plane = new InMemoryDataPlane();
    private @Nullable ObjectStore store;

    @Override
    protected ObjectStore store() {
        ObjectStore present = store;
        if (present != null) {
            return present;
        }
        try {
            return connect();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectStore connect() throws InterruptedException {
        ObjectStore[] made = new ObjectStore[1];
        plane.offer(NODE, new StreamService() {
            @Override
            public String name() {
                return "trainer";
            }

            @Override
            public Callers callers() {
                return Callers.CONTROLLERS;
            }

            @Override
            public StreamListener accept(AgentStream stream, byte[] request) {
                Line line = new Line(stream);
                made[0] = new ControllersStore(line);
                return new StreamListener() {
                    @Override
                    public void onMessage(byte[] message) {
                        line.answered(Frame.read(message));
                    }

                    @Override
                    public void onEnd() {
                        line.lose(new FactoryException(ErrorCode.UNAVAILABLE, "over"));
                    }

                    @Override
                    public void onFailure(FactoryException reason) {
                        line.lose(reason);
                    }
                };
            }
        });
        TestRun.open(plane.of(CONTROLLER), NODE, new InMemoryObjectStore(), new Heard());
        store = made[0];
        return made[0];
    }

    @AfterEach
    void close() {
        plane.close();
    }
}
