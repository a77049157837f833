package org.llmfactory.dataplane.tunnel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** The connections at one end of tunnels: how many there may be, and all at hand to be closed. */
final class Connections implements AutoCloseable {
    private final Set<SocketPipe> pipes = ConcurrentHashMap.newKeySet();
    private final Semaphore room;

    Connections(int limit) {
        this.room = new Semaphore(limit);
    }

    /**
     * Makes room for one more.
     *
     * @throws FactoryException {@code OVERLOADED}
     */
    void reserve() {
        if (!room.tryAcquire()) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED, "There are as many connections through tunnels as there may be.");
        }
    }

    void release() {
        room.release();
    }

    void add(SocketPipe pipe) {
        pipes.add(pipe);
    }

    void remove(SocketPipe pipe) {
        pipes.remove(pipe);
    }

    @Override
    public void close() {
        pipes.forEach(SocketPipe::reset);
    }
}
