package org.llmfactory.history;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.Secret;

/** Turns the chats of one project into rows and back. Each field is bound to its project, its chat and its own name. */
final class ProjectCipher {
    private static final byte[] CONTENT = bytes("content");
    private static final byte[] LABELS = bytes("labels");

    private final String project;
    private final Seal content;
    private final Secret labels;

    ProjectCipher(String project, Secret key) {
        this.project = project;
        this.content = new Seal(key.derive(CONTENT));
        this.labels = key.derive(LABELS);
    }

    ChatRow seal(StoredChat chat) {
        return new ChatRow(
                project,
                chat.id(),
                chat.owner(),
                chat.model(),
                chat.created().toEpochMilli(),
                sealMetadata(chat.id(), chat.metadata()),
                close(chat.id(), "request", bytes(chat.request())),
                close(chat.id(), "completion", bytes(chat.completion())));
    }

    byte[] sealMetadata(String chat, Map<String, String> metadata) {
        return close(chat, "metadata", encoded(metadata));
    }

    StoredChat open(ChatRow row) {
        return new StoredChat(
                row.id(),
                project,
                row.owner(),
                row.model(),
                Instant.ofEpochMilli(row.created()),
                decoded(open(row.id(), "metadata", row.metadata())),
                new String(open(row.id(), "request", row.request()), StandardCharsets.UTF_8),
                new String(open(row.id(), "completion", row.completion()), StandardCharsets.UTF_8));
    }

    /** By what the pairs of metadata are found: equal for equal pairs of this project, and telling nothing of them. */
    List<String> labels(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .map(pair -> HexFormat.of().formatHex(labels.hmac(encoded(Map.of(pair.getKey(), pair.getValue())))))
                .toList();
    }

    private byte[] close(String chat, String field, byte[] plain) {
        return content.close(plain, encoded(Map.of("project", project, "chat", chat, "field", field)));
    }

    private byte[] open(String chat, String field, byte[] sealed) {
        try {
            return content.open(sealed, encoded(Map.of("project", project, "chat", chat, "field", field)));
        } catch (AEADBadTagException e) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The stored chat '" + chat + "' is damaged and cannot be read.", e);
        }
    }

    /** One form for each map, and another for any other map. */
    private static byte[] encoded(Map<String, String> pairs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
                write(out, pair.getKey());
                write(out, pair.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> decoded(byte[] encoded) {
        Map<String, String> pairs = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            while (in.available() > 0) {
                String name = read(in);
                pairs.put(name, read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pairs;
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = bytes(text);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
