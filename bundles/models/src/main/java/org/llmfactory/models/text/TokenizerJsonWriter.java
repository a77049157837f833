package org.llmfactory.models.text;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a {@code tokenizer.json} for a BPE vocabulary. */
final class TokenizerJsonWriter {
    private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());
    private static final String SPACE_MARK = "\u2581";

    private final List<String> tokens;
    private final ArrayNode addedTokens = JSON.createArrayNode();
    private final ObjectNode parts = JSON.createObjectNode();
    private final ObjectNode model = JSON.createObjectNode();
    private List<List<String>> merges = List.of();

    /** The tokens in the order of their ids. */
    TokenizerJsonWriter(List<String> tokens) {
        this.tokens = tokens;
    }

    /** A token that is found in text before anything else is done to it. */
    void addedToken(int id, boolean special) {
        addedTokens
                .addObject()
                .put("id", id)
                .put("content", tokens.get(id))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
    }

    /** BPE over bytes; a merge is two tokens parted by a space. */
    void byteLevel(GgufPreTokenizers.PreTokenizer preTokenizer, List<String> spacedMerges) {
        if (preTokenizer.composes()) {
            parts.putObject("normalizer").put("type", "NFC");
        }
        ArrayNode steps =
                parts.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (String split : preTokenizer.splits()) {
            ObjectNode step = steps.addObject().put("type", "Split");
            step.putObject("pattern").put("Regex", split);
            step.put("behavior", "Isolated").put("invert", false);
        }
        steps.add(byteLevelStep(preTokenizer.gpt2()));
        parts.set("decoder", byteLevelStep(true));
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", preTokenizer.ignoresMerges());
        List<List<String>> pairs = new ArrayList<>(spacedMerges.size());
        for (String merge : spacedMerges) {
            int space = merge.indexOf(' ', 1);
            pairs.add(space < 0 ? List.of(merge, "") : List.of(merge.substring(0, space), merge.substring(space + 1)));
        }
        merges = pairs;
    }

    private static ObjectNode byteLevelStep(boolean regex) {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    /** BPE over characters with a mark for spaces; what is no token falls back to its bytes. */
    void sentencePiece(List<List<String>> pairs, @Nullable String unknown, boolean addsSpacePrefix) {
        ObjectNode normalizer = parts.putObject("normalizer").put("type", "Sequence");
        ArrayNode steps = normalizer.putArray("normalizers");
        if (addsSpacePrefix) {
            steps.addObject().put("type", "Prepend").put("prepend", SPACE_MARK);
        }
        replacement(steps.addObject(), " ", SPACE_MARK);
        ArrayNode decoders = parts.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replacement(decoders.addObject(), SPACE_MARK, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        model.put("unk_token", unknown)
                .put("fuse_unk", true)
                .put("byte_fallback", true)
                .put("ignore_merges", false);
        merges = pairs;
    }

    private static void replacement(ObjectNode step, String from, String to) {
        step.put("type", "Replace");
        step.putObject("pattern").put("String", from);
        step.put("content", to);
    }

    byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writePOJOField("added_tokens", addedTokens);
            for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
                json.writePOJOField(part, parts.get(part));
            }
            json.writeObjectFieldStart("model");
            model(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void model(JsonGenerator json) throws IOException {
        json.writeStringField("type", "BPE");
        for (String field : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
            json.writeNullField(field);
        }
        model.properties().forEach(field -> write(json, field.getKey(), field.getValue()));
        json.writeObjectFieldStart("vocab");
        Set<String> written = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (written.add(tokens.get(id))) {
                json.writeNumberField(tokens.get(id), id);
            }
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (List<String> merge : merges) {
            json.writeStartArray();
            json.writeString(merge.get(0));
            json.writeString(merge.get(1));
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, String field, Object value) {
        try {
            json.writePOJOField(field, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
