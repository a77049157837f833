package org.llmfactory.trainer.remote.controller;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Frame;
import org.llmfactory.trainer.remote.wire.Protocol;
import org.llmfactory.trainer.remote.wire.Reply;
import org.llmfactory.trainer.remote.wire.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the node of one run asks of the object store. For one thread, but for {@link #close}. */
final class Desk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Desk.class);
    private static final int MOST_OPEN = 16;

    private final ObjectStore store;
    private final Executor threads;
    private final Map<Long, InputStream> open = new HashMap<>();
    private long handles;
    private @Nullable Incoming incoming;
    private CompletableFuture<Stored> storing = new CompletableFuture<>();

    /** A reply and the bytes with it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(Reply reply, byte[] bytes) {
        static Answer of(@Nullable Object value) {
            return new Answer(Reply.of(value), new byte[0]);
        }
    }

    /**
     * @param store only what the run may see
     * @param threads where an object is stored while it comes in
     */
    Desk(ObjectStore store, Executor threads) {
        this.store = store;
        this.threads = threads;
    }

    /** Answers a call; empty for {@code PUT}, whose object follows. */
    Optional<Answer> call(Call call) throws IOException {
        return switch (call.action()) {
            case PUT -> {
                begin(call.key());
                yield Optional.empty();
            }
            case OPEN -> Optional.of(Answer.of(open(call.key(), call.number())));
            case READ -> Optional.of(new Answer(Reply.of(null), read(call.number())));
            case CLOSE -> Optional.of(Answer.of(close(call.number())));
            case STAT ->
                Optional.of(Answer.of(store.stat(call.key()).map(Stored::of).orElse(null)));
            case LIST ->
                Optional.of(Answer.of(
                        store.list(call.key()).stream().map(Stored::of).toList()));
            case DELETE -> Optional.of(Answer.of(store.delete(call.key())));
            case DELETE_ALL -> Optional.of(Answer.of(store.deleteAll(call.key())));
            default -> throw new FactoryException(ErrorCode.INVALID_REQUEST, "The call is not about the store.");
        };
    }

    private @Nullable Long open(String key, long offset) throws IOException {
        if (open.size() == MOST_OPEN) {
            throw new IOException("The run has " + MOST_OPEN + " objects open already.");
        }
        Optional<InputStream> found = store.open(key, offset);
        if (found.isEmpty()) {
            return null;
        }
        open.put(++handles, found.get());
        return handles;
    }

    private byte[] read(long handle) throws IOException {
        InputStream in = open.get(handle);
        if (in == null) {
            throw new IOException("The object is not open.");
        }
        byte[] piece = in.readNBytes(Protocol.PIECE);
        if (piece.length == 0) {
            close(handle);
        }
        return piece;
    }

    private boolean close(long handle) throws IOException {
        InputStream in = open.remove(handle);
        if (in == null) {
            return false;
        }
        in.close();
        return true;
    }

    private void begin(String key) {
        if (incoming != null) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "Another object is still being put.");
        }
        Incoming content = new Incoming();
        incoming = content;
        storing = new CompletableFuture<>();
        CompletableFuture<Stored> result = storing;
        threads.execute(() -> {
            try (content) {
                result.complete(Stored.of(store.put(key, content)));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
    }

    /** Takes what belongs to the object that is put; answers when that is all. */
    Optional<Answer> part(Frame frame) throws IOException, InterruptedException {
        Incoming content = incoming;
        if (content == null) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "Nothing is being put.");
        }
        switch (frame.kind()) {
            case PART -> {
                content.add(frame.body());
                return Optional.empty();
            }
            case LAST -> content.end();
            default -> content.cut();
        }
        incoming = null;
        return Optional.of(Answer.of(stored()));
    }

    private Stored stored() throws IOException, InterruptedException {
        try {
            return storing.get(Protocol.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("The object store takes too long.", e);
        }
    }

    /** Lets go of what is open; an object that has not come in whole is not stored. */
    @Override
    public void close() {
        Incoming content = incoming;
        if (content != null) {
            try {
                content.cut();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (InputStream in : open.values()) {
            try {
                in.close();
            } catch (IOException e) {
                log.debug("An object could not be closed", e);
            }
        }
        open.clear();
    }
}
