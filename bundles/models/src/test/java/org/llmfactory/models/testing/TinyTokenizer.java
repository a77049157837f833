package org.llmfactory.models.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A byte-level tokenizer without merges: three special tokens, then one token for each byte. */
final class TinyTokenizer {
    static final List<String> SPECIALS = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    static final int VOCABULARY = SPECIALS.size() + 256;

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TEMPLATE =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content']"
                    + " + '<|im_end|>' + '\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private TinyTokenizer() {}

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
    static void write(Path folder) throws IOException {
        Files.write(folder.resolve("tokenizer.json"), MAPPER.writeValueAsBytes(tokenizer()));
        Files.write(folder.resolve("tokenizer_config.json"), MAPPER.writeValueAsBytes(configuration()));
    }

    private static ObjectNode tokenizer() {
        ObjectNode root = MAPPER.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIALS.size(); id++) {
            added.add(special(id).put("id", id));
        }
        root.putNull("normalizer");
        root.set("pre_tokenizer", byteLevel());
        root.putNull("post_processor");
        root.set("decoder", byteLevel());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        SPECIALS.forEach(special -> vocabulary.put(special, vocabulary.size()));
        for (int code = 0, unprintable = 0; code < 256; code++) {
            char letter = isPrintable(code) ? (char) code : (char) (256 + unprintable++);
            vocabulary.put(String.valueOf(letter), SPECIALS.size() + code);
        }
        model.putArray("merges");
        return root;
    }

    private static ObjectNode configuration() {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode decoder = root.putObject("added_tokens_decoder");
        for (int id = 0; id < SPECIALS.size(); id++) {
            decoder.set(String.valueOf(id), special(id));
        }
        root.put("bos_token", SPECIALS.get(1));
        root.put("eos_token", SPECIALS.get(2));
        root.put("pad_token", SPECIALS.get(0));
        root.putNull("unk_token");
        root.put("chat_template", TEMPLATE);
        root.put("clean_up_tokenization_spaces", false);
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        return root;
    }

    private static ObjectNode special(int id) {
        return MAPPER.createObjectNode()
                .put("content", SPECIALS.get(id))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static ObjectNode byteLevel() {
        return MAPPER.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    /** GPT-2 writes these bytes as the characters they are in Latin-1, all others as characters from U+0100 on. */
    private static boolean isPrintable(int code) {
        return (code >= '!' && code <= '~') || (code >= 0xA1 && code <= 0xAC) || (code >= 0xAE);
    }
}
