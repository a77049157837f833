package org.llmfactory.trainer.remote.controller;

import java.time.Duration;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.TrainingListener;

/** The controller's end of a run whose node sees a whole store. */
public final class TestRun {
    private TestRun() {}

    /** Opens the stream of one. */
    public static void open(DataPlane plane, AgentAddress node, ObjectStore store, TrainingListener listener)
            throws InterruptedException {
        Desk desk = new Desk(store, task -> {
            Thread thread = new Thread(task, "test desk");
            thread.setDaemon(true);
            thread.start();
        });
        RemoteRun run = new RemoteRun("node", desk, listener, over -> {});
        run.opened(plane.open(node, "trainer", Lane.DATA, new byte[0], run, Duration.ofSeconds(10)));
    }
}
