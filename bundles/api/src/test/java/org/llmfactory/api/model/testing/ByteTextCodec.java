package org.llmfactory.api.model.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.StreamingDecoder;
import org.llmfactory.api.model.TextCodec;

/**
 * A token for each byte of UTF-8, and two more: {@link #BEGIN} and {@link #END}. Its chat template writes {@code
 * <role>content</role>} for each message, then {@code <assistant>}; it refuses a conversation without messages.
 */
public final class ByteTextCodec implements TextCodec {
    /** The id of the beginning of a sequence, {@code <s>}. */
    public static final int BEGIN = 256;

    /** The id that ends a generation, {@code </s>}. */
    public static final int END = 257;

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        byte[] utf8 = text.getBytes(UTF_8);
        IntStream bytes = IntStream.range(0, utf8.length).map(i -> utf8[i] & 0xFF);
        return (addSpecialTokens ? IntStream.concat(IntStream.of(BEGIN), bytes) : bytes).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < BEGIN || !skipSpecialTokens) {
                bytes.writeBytes(bytesOf(id));
            }
        }
        return bytes.toString(UTF_8);
    }

    @Override
    public StreamingDecoder streamingDecoder(boolean skipSpecialTokens) {
        return new Decoder(skipSpecialTokens);
    }

    @Override
    public byte[] bytesOf(int id) {
        return switch (id) {
            case BEGIN -> "<s>".getBytes(UTF_8);
            case END -> "</s>".getBytes(UTF_8);
            default -> new byte[] {(byte) id};
        };
    }

    @Override
    public String render(ChatPrompt prompt) {
        if (prompt.messages().isEmpty()) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The conversation has no messages.");
        }
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> message : prompt.messages()) {
            Object role = message.get("role");
            text.append('<').append(role).append('>').append(message.get("content"));
            text.append("</").append(role).append('>');
        }
        return text.append(prompt.addGenerationPrompt() ? "<assistant>" : "").toString();
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return Set.of(END);
    }

    @Override
    public int vocabularySize() {
        return 258;
    }

    @Override
    public boolean hasChatTemplate() {
        return true;
    }

    private final class Decoder implements StreamingDecoder {
        private final boolean skipSpecialTokens;
        private final CharsetDecoder utf8 = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final ByteBuffer pending = ByteBuffer.allocate(16);

        Decoder(boolean skipSpecialTokens) {
            this.skipSpecialTokens = skipSpecialTokens;
        }

        @Override
        public String append(int id) {
            if (id >= BEGIN && skipSpecialTokens) {
                return "";
            }
            pending.put(bytesOf(id));
            return drain(false);
        }

        @Override
        public String finish() {
            return drain(true);
        }

        private String drain(boolean last) {
            CharBuffer text = CharBuffer.allocate(32);
            pending.flip();
            utf8.decode(pending, text, last);
            pending.compact();
            if (last) {
                utf8.flush(text);
            }
            return text.flip().toString();
        }
    }
}
