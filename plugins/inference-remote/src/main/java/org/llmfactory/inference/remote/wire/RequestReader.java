package org.llmfactory.inference.remote.wire;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;

/** Puts a request together from what comes of it. Confined to the stream's thread. */
public final class RequestReader {
    private final String tenant;
    private final byte[] body;
    private int filled;

    /**
     * Begins with the first word.
     *
     * @throws FactoryException {@code INVALID_REQUEST} for one of another version or that is none
     */
    public RequestReader(byte[] first) {
        ByteBuffer in = ByteBuffer.wrap(first);
        if (first.length < 5) {
            throw malformed(null);
        }
        int version = in.get();
        if (version != Protocol.VERSION) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "This agent speaks version " + Protocol.VERSION + " of remote inference, the controller version "
                            + version + "; bring both to the same release.");
        }
        int length = in.getInt();
        if (length < in.remaining() || length > Protocol.LARGEST_REQUEST) {
            throw malformed(null);
        }
        body = new byte[length];
        filled = in.remaining();
        in.get(body, 0, filled);
        tenant = readTenant();
    }

    private String readTenant() {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body, 0, filled))) {
            return in.readUTF();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Whose request it is; known from the beginning. */
    public String tenant() {
        return tenant;
    }

    /**
     * Takes a message.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is no part of a request
     */
    public void add(byte[] message) {
        if (message.length < 1 || message[0] != Protocol.MORE || message.length - 1 > body.length - filled) {
            throw malformed(null);
        }
        System.arraycopy(message, 1, body, filled, message.length - 1);
        filled += message.length - 1;
    }

    /**
     * The request, once it is whole.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is none
     */
    public Optional<RemoteRequest> request() {
        if (filled < body.length) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            RemoteRequest request = read(in);
            if (in.available() > 0) {
                throw malformed(null);
            }
            return Optional.of(request);
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private RemoteRequest read(DataInputStream in) throws IOException {
        String whose = in.readUTF();
        String id = in.readUTF();
        String model = in.readUTF();
        String digest = in.readUTF();
        Duration deadline = Duration.ofNanos(in.readLong());
        boolean promptLogprobs = in.readBoolean();
        SamplingParameters sampling = sampling(in);
        StopConditions stop = stop(in);
        List<AdapterWeight> adapters = new ArrayList<>();
        Map<String, String> projects = new HashMap<>();
        int count = count(in, 8);
        for (int i = 0; i < count; i++) {
            AdapterWeight adapter = new AdapterWeight(in.readUTF(), in.readFloat());
            adapters.add(adapter);
            projects.put(adapter.digest(), in.readUTF());
        }
        int[] prompt = ids(in);
        return new RemoteRequest(
                model,
                digest,
                new GenerationRequest(id, whose, prompt, adapters, sampling, stop, deadline, promptLogprobs),
                projects);
    }

    private SamplingParameters sampling(DataInputStream in) throws IOException {
        float temperature = in.readFloat();
        float topP = in.readFloat();
        int topK = in.readInt();
        float minP = in.readFloat();
        float repetitionPenalty = in.readFloat();
        float frequencyPenalty = in.readFloat();
        float presencePenalty = in.readFloat();
        boolean seeded = in.readBoolean();
        long seed = in.readLong();
        int topLogprobs = in.readInt();
        Map<Integer, Float> biases = new HashMap<>();
        int count = count(in, 8);
        for (int i = 0; i < count; i++) {
            biases.put(in.readInt(), in.readFloat());
        }
        return new SamplingParameters(
                temperature,
                topP,
                topK,
                minP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                biases,
                seeded ? OptionalLong.of(seed) : OptionalLong.empty(),
                topLogprobs);
    }

    private StopConditions stop(DataInputStream in) throws IOException {
        int maxTokens = in.readInt();
        boolean ignore = in.readBoolean();
        Set<Integer> tokens = new HashSet<>();
        for (int id : ids(in)) {
            tokens.add(id);
        }
        return new StopConditions(maxTokens, tokens, ignore);
    }

    private int[] ids(DataInputStream in) throws IOException {
        int[] ids = new int[count(in, 4)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.readInt();
        }
        return ids;
    }

    /** A number of things that follow, each of so many bytes at least. */
    private static int count(DataInputStream in, int bytes) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / bytes) {
            throw malformed(null);
        }
        return count;
    }

    private static FactoryException malformed(@Nullable Exception cause) {
        return new FactoryException(ErrorCode.INVALID_REQUEST, "This is no request for a generation.", cause);
    }
}
