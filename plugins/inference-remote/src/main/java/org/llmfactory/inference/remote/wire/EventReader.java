package org.llmfactory.inference.remote.wire;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenLogprob;

/** Reads events out of messages. Confined to the stream's thread. */
public final class EventReader {
    private final int promptLength;
    private final List<GeneratedToken> prompt = new ArrayList<>();

    /** @param promptLength tokens of the prompt, and no more are kept of it */
    public EventReader(int promptLength) {
        this.promptLength = promptLength;
    }

    /**
     * Reads a message.
     *
     * @throws IOException when it is none of the protocol's
     */
    public void read(byte[] message, Consumer<Event> events) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
            while (in.available() > 0) {
                byte kind = in.readByte();
                switch (kind) {
                    case Protocol.TOKEN -> events.accept(new Event.Token(GeneratedToken.of(in.readInt())));
                    case Protocol.RATED_TOKEN -> events.accept(new Event.Token(rated(in)));
                    case Protocol.PROMPT_TOKEN -> keep(rated(in));
                    case Protocol.PROMPT_END -> {
                        events.accept(new Event.Prompt(prompt));
                        prompt.clear();
                    }
                    case Protocol.FINISH -> events.accept(new Event.Finish(reason(in), usage(in)));
                    case Protocol.ERROR -> events.accept(new Event.Failure(failure(in)));
                    default -> throw new IOException("An event of the unknown kind " + kind);
                }
            }
        }
    }

    private void keep(GeneratedToken token) throws IOException {
        if (prompt.size() == promptLength) {
            throw new IOException("More tokens of the prompt than it has");
        }
        prompt.add(token);
    }

    private static GeneratedToken rated(DataInputStream in) throws IOException {
        int id = in.readInt();
        float logprob = in.readFloat();
        int count = in.readUnsignedByte();
        List<TokenLogprob> top = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            top.add(new TokenLogprob(in.readInt(), in.readFloat()));
        }
        return new GeneratedToken(id, logprob, top);
    }

    private static FinishReason reason(DataInputStream in) throws IOException {
        String name = in.readUTF();
        for (FinishReason reason : FinishReason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        throw new IOException("An end for the unknown reason " + name);
    }

    private static GenerationUsage usage(DataInputStream in) throws IOException {
        return new GenerationUsage(
                in.readInt(), in.readInt(), in.readInt(), duration(in), duration(in), duration(in), duration(in));
    }

    private static Duration duration(DataInputStream in) throws IOException {
        return Duration.ofNanos(in.readLong());
    }

    /** A code that this release does not know is the other one's fault. */
    private static FactoryException failure(DataInputStream in) throws IOException {
        String name = in.readUTF();
        String message = in.readUTF();
        long retryAfter = in.readLong();
        String parameter = in.readUTF();
        ErrorCode code = ErrorCode.INTERNAL;
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(name)) {
                code = known;
            }
        }
        if (retryAfter > 0) {
            return FactoryException.retryLater(code, Duration.ofMillis(retryAfter), message);
        }
        return parameter.isEmpty()
                ? new FactoryException(code, message)
                : FactoryException.ofParameter(code, parameter, message);
    }
}
