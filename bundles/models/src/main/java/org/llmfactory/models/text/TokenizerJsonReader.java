package org.llmfactory.models.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;

/** Reads from {@code tokenizer.json} what decoding needs: tokens, special tokens and the kind of decoder. */
final class TokenizerJsonReader {
    private static final JsonMapper MAPPER = new JsonMapper(BoundedJson.factory());

    private final String file;
    private final Vocabulary.Builder vocabulary = new Vocabulary.Builder();
    private final JsonParser parser;
    private JsonNode addedTokens = MAPPER.createArrayNode();

    private TokenizerJsonReader(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Vocabulary vocabulary(String file, byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            return new TokenizerJsonReader(file, parser).read();
        } catch (JacksonException e) {
            throw Faults.invalid(file, "bad JSON: " + BoundedJson.firstLine(e), e);
        } catch (IOException | IllegalArgumentException e) {
            throw Faults.invalid(file, String.valueOf(e.getMessage()), e);
        }
    }

    private Vocabulary read() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Faults.invalid(file, "not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "model" -> model();
                case "added_tokens" -> addedTokens = tree();
                case "decoder" -> decoder(tree());
                default -> parser.skipChildren();
            }
        }
        for (JsonNode token : addedTokens) {
            int id = token.path("id").asInt(-1);
            vocabulary.add(id, token.path("content").asText());
            if (token.path("special").asBoolean()) {
                vocabulary.special(id);
            }
        }
        return vocabulary.build();
    }

    private JsonNode tree() throws IOException {
        return MAPPER.readTree(parser);
    }

    private void model() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Faults.invalid(file, "'model' is no object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                tokensByName();
            } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
                tokensInOrder();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void tokensByName() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String token = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw Faults.invalid(file, "the token " + Faults.quote(token) + " has no id");
            }
            vocabulary.add(parser.getIntValue(), token);
        }
    }

    /** Pairs of token and score. */
    private void tokensInOrder() throws IOException {
        for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
            vocabulary.add(id, tree().path(0).asText());
        }
    }

    private void decoder(JsonNode decoder) {
        if (!decoder.isNull()) {
            vocabulary.style(style(decoder));
        }
    }

    private PieceStyle style(JsonNode decoder) {
        PieceStyle style = new PieceStyle(PieceStyle.Kind.MARKED_SPACE, false, 0);
        boolean sequence = decoder.path("type").asText().equals("Sequence");
        for (JsonNode step :
                sequence ? decoder.path("decoders") : MAPPER.createArrayNode().add(decoder)) {
            String type = step.path("type").asText();
            switch (type) {
                case "ByteLevel" -> style = PieceStyle.BYTE_LEVEL;
                case "Fuse" -> {}
                case "Replace" -> requireSpaceMark(step);
                case "ByteFallback" -> style = new PieceStyle(style.kind(), true, style.leadingSpaces());
                case "Strip" ->
                    style = new PieceStyle(
                            style.kind(),
                            style.byteFallback(),
                            step.path("start").asInt());
                case "Metaspace" -> style = new PieceStyle(style.kind(), style.byteFallback(), prepended(step));
                case "WordPiece" -> style = new PieceStyle(PieceStyle.Kind.WORD_PIECE, false, 1);
                default -> throw Faults.invalid(file, "decoders of the type " + Faults.quote(type) + " are not served");
            }
        }
        return style;
    }

    private void requireSpaceMark(JsonNode step) {
        boolean marksSpaces = step.path("pattern").path("String").asText().equals("\u2581")
                && step.path("content").asText().equals(" ");
        if (!marksSpaces) {
            throw Faults.invalid(file, "a decoder replaces something other than the mark for a space");
        }
    }

    private static int prepended(JsonNode metaspace) {
        boolean never = metaspace.path("prepend_scheme").asText().equals("never")
                || (!metaspace.has("prepend_scheme")
                        && !metaspace.path("add_prefix_space").asBoolean(true));
        return never ? 0 : 1;
    }
}
