package org.llmfactory.trainer.remote.node;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Frame;
import org.llmfactory.trainer.remote.wire.Protocol;
import org.llmfactory.trainer.remote.wire.Reply;

/** Asks the controller of one run, one thing at a time. Safe for use by several threads. */
final class Line {
    private final AgentStream stream;
    private final ReentrantLock turn = new ReentrantLock();
    private final CompletableFuture<Answer> lost = new CompletableFuture<>();
    private volatile CompletableFuture<Answer> pending = new CompletableFuture<>();

    /** What the controller says, and the bytes with it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(Reply reply, byte[] bytes) {}

    Line(AgentStream stream) {
        this.stream = stream;
    }

    /**
     * Asks for something and waits.
     *
     * @throws IOException of the controller's object store
     * @throws FactoryException of the listener there; {@code UNAVAILABLE} when the controller cannot be asked
     */
    Answer ask(Call call) throws IOException {
        turn.lock();
        try {
            expect();
            send(Frame.of(Frame.Kind.CALL, call, new byte[0]));
            return answer();
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #ask}, with something to store. */
    Answer put(String key, InputStream content) throws IOException {
        turn.lock();
        try {
            expect();
            send(Frame.of(Frame.Kind.CALL, Call.of(Call.Action.PUT, key), new byte[0]));
            try {
                for (byte[] piece = content.readNBytes(Protocol.PIECE);
                        piece.length > 0;
                        piece = content.readNBytes(Protocol.PIECE)) {
                    send(Frame.of(Frame.Kind.PART, piece));
                }
            } catch (IOException unreadable) {
                send(Frame.of(Frame.Kind.CUT));
                await();
                throw unreadable;
            }
            send(Frame.of(Frame.Kind.LAST));
            return answer();
        } finally {
            turn.unlock();
        }
    }

    private void expect() {
        pending = new CompletableFuture<>();
    }

    private Answer answer() throws IOException {
        Answer answer = await();
        answer.reply().orThrow();
        return answer;
    }

    private Answer await() {
        try {
            return (Answer)
                    CompletableFuture.anyOf(pending, lost).get(Protocol.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private void send(Frame frame) {
        try {
            if (!stream.awaitWritable(Protocol.PATIENCE)) {
                throw new FactoryException(ErrorCode.UNAVAILABLE, "The controller takes nothing more of the run.");
            }
            stream.send(frame.bytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        } catch (FactoryException e) {
            throw unreachable(e);
        }
    }

    private static FactoryException unreachable(Exception cause) {
        return new FactoryException(ErrorCode.UNAVAILABLE, "The controller of the run cannot be reached.", cause);
    }

    /** The controller has answered. */
    void answered(Frame frame) {
        pending.complete(new Answer(frame.head(Reply.class), frame.body()));
    }

    /** Nothing can be asked any more. */
    void lose(FactoryException reason) {
        lost.completeExceptionally(reason);
    }
}
