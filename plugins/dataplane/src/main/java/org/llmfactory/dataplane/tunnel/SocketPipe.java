package org.llmfactory.dataplane.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection and a stream as one, at either end of a tunnel. What the stream brings is written to the connection by
 * whoever calls the listener, so that a connection that takes nothing holds up the sender; what the connection brings is
 * read by {@link #read}. Each direction ends for itself.
 */
final class SocketPipe implements StreamListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketPipe.class);
    private static final int BUFFER = 32 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Socket socket;
    private final Duration idle;
    private final LongConsumer carried;
    /** The two directions. */
    private final AtomicInteger open = new AtomicInteger(2);

    private volatile long active = System.nanoTime();

    /**
     * Joins a connection to a stream that is opened later.
     *
     * @param idle after which a connection that carries nothing is closed
     * @param carried told of the bytes that pass, in either direction
     */
    SocketPipe(Socket socket, Duration idle, LongConsumer carried) {
        this.socket = socket;
        this.idle = idle;
        this.carried = carried;
    }

    /** Sends what the connection brings, until it ends or fails. */
    void read(AgentStream stream) {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, idle.toMillis())));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = next(in, buffer); read >= 0; read = next(in, buffer)) {
                if (read > 0) {
                    awaitWritable(stream);
                    stream.send(Arrays.copyOf(buffer, read));
                    passed(read);
                }
            }
            stream.finish();
            endDirection();
        } catch (IOException e) {
            stream.cancel("The connection has ended: " + e.getMessage());
            reset();
        } catch (FactoryException e) {
            log.debug("The other end of a tunnel's connection is gone", e);
            reset();
        } catch (InterruptedException e) {
            stream.cancel("The tunnel was closed.");
            reset();
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes read; 0 when there were none for a while, though others have passed the other way; -1 for the end. */
    private int next(InputStream in, byte[] buffer) throws IOException {
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            checkIdle();
            return 0;
        }
    }

    private void awaitWritable(AgentStream stream) throws IOException, InterruptedException {
        while (!stream.awaitWritable(PATIENCE)) {
            checkIdle();
        }
    }

    private void checkIdle() throws IOException {
        if (System.nanoTime() - active >= idle.toNanos()) {
            throw new IOException("nothing has passed for " + TimeUnit.NANOSECONDS.toSeconds(idle.toNanos()) + " s");
        }
    }

    @Override
    public void onMessage(byte[] message) {
        try {
            socket.getOutputStream().write(message);
            passed(message.length);
        } catch (IOException e) {
            // Reading fails with it and tells the other end.
            log.debug("A tunnel's connection takes nothing more", e);
            reset();
        }
    }

    @Override
    public void onEnd() {
        try {
            socket.shutdownOutput();
            endDirection();
        } catch (IOException e) {
            log.debug("A tunnel's connection has gone before its end", e);
            reset();
        }
    }

    @Override
    public void onFailure(FactoryException reason) {
        log.debug("A tunnel's stream has failed", reason);
        reset();
    }

    private void passed(int bytes) {
        active = System.nanoTime();
        carried.accept(bytes);
    }

    private void endDirection() throws IOException {
        if (open.decrementAndGet() == 0) {
            socket.close();
        }
    }

    /** Ends the connection so that its other end notices that something went wrong. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            log.trace("The connection has ended already", e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("A tunnel's connection could not be closed", e);
        }
    }
}
