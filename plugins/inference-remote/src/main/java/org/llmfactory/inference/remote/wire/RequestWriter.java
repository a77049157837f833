package org.llmfactory.inference.remote.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;

/** Writes a request; {@link RequestReader} is its counterpart. */
public final class RequestWriter {
    private RequestWriter() {}

    /** The first word, which opens the stream, and the messages that follow. */
    public static List<byte[]> write(RemoteRequest request) {
        byte[] body = body(request);
        List<byte[]> messages = new ArrayList<>();
        int start = Math.min(body.length, Protocol.CHUNK - 5);
        messages.add(first(body, start));
        for (int next = start; next < body.length; next += Protocol.CHUNK - 1) {
            int end = Math.min(body.length, next + Protocol.CHUNK - 1);
            byte[] message = new byte[1 + end - next];
            message[0] = Protocol.MORE;
            System.arraycopy(body, next, message, 1, end - next);
            messages.add(message);
        }
        return messages;
    }

    private static byte[] first(byte[] body, int length) {
        return bytes(out -> {
            out.writeByte(Protocol.VERSION);
            out.writeInt(body.length);
            out.write(body, 0, length);
        });
    }

    private static byte[] body(RemoteRequest remote) {
        GenerationRequest request = remote.request();
        return bytes(out -> {
            // The tenant first: whether it may be here at all is told before the rest has come.
            out.writeUTF(request.tenant());
            out.writeUTF(request.id());
            out.writeUTF(remote.model());
            out.writeUTF(remote.digest());
            out.writeLong(request.deadline().toNanos());
            out.writeBoolean(request.promptLogprobs());
            write(out, request.sampling());
            write(out, request.stop());
            out.writeInt(request.adapters().size());
            for (AdapterWeight adapter : request.adapters()) {
                out.writeUTF(adapter.digest());
                out.writeFloat(adapter.weight());
                out.writeUTF(remote.projects().getOrDefault(adapter.digest(), ""));
            }
            write(out, request.prompt());
        });
    }

    private static void write(DataOutputStream out, SamplingParameters sampling) throws IOException {
        out.writeFloat(sampling.temperature());
        out.writeFloat(sampling.topP());
        out.writeInt(sampling.topK());
        out.writeFloat(sampling.minP());
        out.writeFloat(sampling.repetitionPenalty());
        out.writeFloat(sampling.frequencyPenalty());
        out.writeFloat(sampling.presencePenalty());
        out.writeBoolean(sampling.seed().isPresent());
        out.writeLong(sampling.seed().orElse(0));
        out.writeInt(sampling.topLogprobs());
        out.writeInt(sampling.logitBias().size());
        for (Map.Entry<Integer, Float> bias : sampling.logitBias().entrySet()) {
            out.writeInt(bias.getKey());
            out.writeFloat(bias.getValue());
        }
    }

    private static void write(DataOutputStream out, StopConditions stop) throws IOException {
        out.writeInt(stop.maxTokens());
        out.writeBoolean(stop.ignoreStopTokens());
        write(out, stop.stopTokens().stream().mapToInt(Integer::intValue).toArray());
    }

    private static void write(DataOutputStream out, int[] ids) throws IOException {
        out.writeInt(ids.length);
        for (int id : ids) {
            out.writeInt(id);
        }
    }

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("The request cannot be written", e);
        }
        return bytes.toByteArray();
    }
}
