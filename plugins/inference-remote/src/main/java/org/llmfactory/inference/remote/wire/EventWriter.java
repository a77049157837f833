package org.llmfactory.inference.remote.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenLogprob;

/**
 * Writes events into messages: each begins with its kind; a token without log probability is its id alone; a prompt is an
 * event for each token and one for its end, since it may be larger than a message. {@link EventReader} is its
 * counterpart. Confined to one thread.
 */
public final class EventWriter {
    private static final int LONGEST_TEXT = 4000;

    private final Consumer<byte[]> messages;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /** @param messages takes a message whenever one is full or flushed */
    public EventWriter(Consumer<byte[]> messages) {
        this.messages = messages;
    }

    public void write(Event event) {
        try {
            if (event instanceof Event.Token token) {
                write(token.token());
            } else if (event instanceof Event.Prompt prompt) {
                for (GeneratedToken token : prompt.tokens()) {
                    writeRated(Protocol.PROMPT_TOKEN, token);
                    flushFull();
                }
                out.writeByte(Protocol.PROMPT_END);
            } else if (event instanceof Event.Finish finish) {
                out.writeByte(Protocol.FINISH);
                out.writeUTF(finish.reason().name());
                write(finish.usage());
            } else if (event instanceof Event.Failure failure) {
                write(failure.failure());
            }
            flushFull();
        } catch (IOException e) {
            throw new UncheckedIOException("The event cannot be written", e);
        }
    }

    /** Lets go what has been written so far. */
    public void flush() {
        if (bytes.size() > 0) {
            byte[] message = bytes.toByteArray();
            bytes.reset();
            messages.accept(message);
        }
    }

    /** No event but a failure, which is the last one, is longer than half a chunk. */
    private void flushFull() {
        if (bytes.size() > Protocol.CHUNK / 2) {
            flush();
        }
    }

    private void write(GeneratedToken token) throws IOException {
        if (Float.isNaN(token.logprob()) && token.top().isEmpty()) {
            out.writeByte(Protocol.TOKEN);
            out.writeInt(token.id());
        } else {
            writeRated(Protocol.RATED_TOKEN, token);
        }
    }

    private void writeRated(byte kind, GeneratedToken token) throws IOException {
        out.writeByte(kind);
        out.writeInt(token.id());
        out.writeFloat(token.logprob());
        out.writeByte(token.top().size());
        for (TokenLogprob alternative : token.top()) {
            out.writeInt(alternative.id());
            out.writeFloat(alternative.logprob());
        }
    }

    private void write(GenerationUsage usage) throws IOException {
        out.writeInt(usage.promptTokens());
        out.writeInt(usage.cachedTokens());
        out.writeInt(usage.completionTokens());
        out.writeLong(usage.queueTime().toNanos());
        out.writeLong(usage.adapterLoadTime().toNanos());
        out.writeLong(usage.timeToFirstToken().toNanos());
        out.writeLong(usage.totalTime().toNanos());
    }

    private void write(FactoryException failure) throws IOException {
        out.writeByte(Protocol.ERROR);
        out.writeUTF(failure.code().name());
        out.writeUTF(shortened(Objects.requireNonNullElse(failure.getMessage(), "")));
        out.writeLong(
                failure.retryAfter().map(delay -> Math.max(1, delay.toMillis())).orElse(0L));
        out.writeUTF(shortened(failure.parameter().orElse("")));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
