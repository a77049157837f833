package org.llmfactory.messaging.envelope;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.llmfactory.api.network.AgentAddress;

/** Messages as bytes: fields in a fixed order, each message in exactly one way. */
final class MessageFormat {
    private MessageFormat() {}

    static byte[] write(Message message) {
        BinaryWriter out = new BinaryWriter()
                .oneByte(message.kind().code())
                .id(message.id())
                .id(message.call())
                .text(message.to().toString())
                .time(message.issued())
                .time(message.expires())
                .text(message.action())
                .oneByte(message.key().isPresent() ? 1 : 0);
        message.key().ifPresent(key -> out.id(key.id()).exactly(key.key()).time(key.until()));
        return out.block(message.body()).bytes();
    }

    static Message read(byte[] content) throws RefusedException {
        BoundedReader in = new BoundedReader(content);
        Message.Kind kind = Message.Kind.of(in.oneByte()).orElseThrow(BoundedReader::malformed);
        UUID id = in.id();
        UUID call = in.id();
        AgentAddress to = address(in.text());
        Instant issued = in.time();
        Instant expires = in.time();
        String action = in.text();
        Optional<SealingKey> key = key(in);
        byte[] body = in.block(Message.MAXIMUM_BODY);
        in.end();
        return new Message(kind, id, call, to, issued, expires, action, key, body);
    }

    private static Optional<SealingKey> key(BoundedReader in) throws RefusedException {
        return switch (in.oneByte()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new SealingKey(in.id(), in.exactly(SealingKey.LENGTH), in.time()));
            default -> throw BoundedReader.malformed();
        };
    }

    static AgentAddress address(String text) throws RefusedException {
        try {
            return AgentAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw BoundedReader.malformed();
        }
    }
}
