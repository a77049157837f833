package org.llmfactory.dataplane.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;

/** What both ends know of a stream once it is open; nobody else does, because the randoms came sealed. */
public final class Handshake {
    /** Bytes that each end adds. */
    public static final int RANDOM = 32;

    private static final byte[] SALT = "llmfactory stream 1".getBytes(StandardCharsets.US_ASCII);

    private final StreamId stream;
    private final byte[] label;
    private final byte[] secret;

    public Handshake(
            StreamId stream,
            AgentAddress opener,
            AgentAddress acceptor,
            String service,
            Lane lane,
            byte[] openerRandom,
            byte[] acceptorRandom) {
        this.stream = stream;
        this.secret = Hkdf.extract(SALT, openerRandom, acceptorRandom);
        this.label = label(stream, List.of(opener.toString(), acceptor.toString(), service, lane.name()));
    }

    public StreamId stream() {
        return stream;
    }

    /** The first secret of a direction. */
    byte[] secret(Direction direction) {
        byte[] info = ByteBuffer.allocate(label.length + 1)
                .put(label)
                .put(direction.code())
                .array();
        return Hkdf.expand(secret, info);
    }

    /** Each part with its length, so that no two sets of parts make the same label. */
    private static byte[] label(StreamId stream, List<String> parts) {
        List<byte[]> bytes = parts.stream()
                .map(part -> part.getBytes(StandardCharsets.UTF_8))
                .toList();
        ByteBuffer label = ByteBuffer.allocate(StreamId.LENGTH
                + bytes.stream().mapToInt(part -> part.length + 4).sum());
        label.put(stream.bytes());
        bytes.forEach(part -> label.putInt(part.length).put(part));
        return label.array();
    }
}
