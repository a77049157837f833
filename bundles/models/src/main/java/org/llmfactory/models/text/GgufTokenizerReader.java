package org.llmfactory.models.text;

import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.Faults;

/** Builds a tokenizer from the metadata of a GGUF file, as llama.cpp reads them. */
final class GgufTokenizerReader {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNKNOWN = 2;
    private static final int UNUSED = 5;

    /** Control tokens that end a turn in one family or another, whichever of them the file names as the end. */
    private static final Set<String> TURN_ENDS = Set.of(
            "<|im_end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|end|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<end_of_turn>",
            "<end_of_utterance>");

    private final String file;
    private final Map<String, Object> metadata;

    GgufTokenizerReader(String file, Map<String, Object> metadata) {
        this.file = file;
        this.metadata = metadata;
    }

    TokenizerDefinition read() {
        String model = text("model").orElseThrow(() -> Faults.invalid(file, "the file has no tokenizer"));
        List<String> tokens = texts("tokens");
        int[] types = types(tokens.size());
        TokenizerJsonWriter writer = new TokenizerJsonWriter(tokens);
        boolean[] special = new boolean[tokens.size()];
        for (int id = 0; id < tokens.size(); id++) {
            special[id] = types[id] == CONTROL || types[id] == UNKNOWN;
            if (special[id] || types[id] == USER_DEFINED) {
                writer.addedToken(id, special[id]);
            }
        }
        PieceStyle style = switch (model) {
            case "gpt2" -> byteLevel(writer);
            case "llama" -> sentencePiece(writer, tokens, types);
            default ->
                throw Faults.invalid(
                        file,
                        "tokenizers of the kind " + Faults.quote(model) + " are not served; served are gpt2 and llama");
        };
        Map<String, String> named = namedTokens(tokens);
        return new TokenizerDefinition(
                file,
                writer.json(),
                vocabulary(tokens, types, special, style),
                named,
                Optional.of(flag("add_bos_token", addsBeginByDefault(model))),
                Optional.of(flag("add_eos_token", false)),
                new ChatTemplates(templates(), Clock.system(ZoneId.systemDefault())),
                endOfGeneration(tokens, types));
    }

    private boolean addsBeginByDefault(String model) {
        return model.equals("llama")
                || text("pre").map(GgufPreTokenizers::addsBeginByDefault).orElse(false);
    }

    private PieceStyle byteLevel(TokenizerJsonWriter writer) {
        String name = text("pre").orElse("default");
        GgufPreTokenizers.PreTokenizer preTokenizer = GgufPreTokenizers.find(name)
                .orElseThrow(() -> Faults.invalid(
                        file,
                        "the pre-tokenizer " + Faults.quote(name) + " is not known; known are "
                                + GgufPreTokenizers.names()));
        writer.byteLevel(preTokenizer, texts("merges"));
        return PieceStyle.BYTE_LEVEL;
    }

    private PieceStyle sentencePiece(TokenizerJsonWriter writer, List<String> tokens, int[] types) {
        float[] scores = metadata.get(PREFIX + "scores") instanceof float[] given ? given : new float[0];
        if (scores.length != tokens.size()) {
            throw Faults.invalid(file, "there is not one score for each token");
        }
        boolean prefix = flag("add_space_prefix", true);
        OptionalInt unknown = id("unknown_token_id");
        writer.sentencePiece(
                SentencePieceMerges.of(tokens, scores, types),
                unknown.isPresent() ? tokens.get(checked(unknown.getAsInt(), tokens)) : null,
                prefix);
        return new PieceStyle(PieceStyle.Kind.MARKED_SPACE, true, prefix ? 1 : 0);
    }

    private static Vocabulary vocabulary(List<String> tokens, int[] types, boolean[] special, PieceStyle style) {
        Vocabulary.Builder vocabulary = new Vocabulary.Builder().style(style);
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.add(id, types[id] == UNUSED ? "" : tokens.get(id));
            if (special[id]) {
                vocabulary.special(id);
            }
        }
        return vocabulary.build();
    }

    private Map<String, String> namedTokens(List<String> tokens) {
        Map<String, String> named = new LinkedHashMap<>();
        Map.of("bos", "bos_token", "eos", "eos_token", "unknown", "unk_token", "padding", "pad_token")
                .forEach((key, name) ->
                        id(key + "_token_id").ifPresent(id -> named.put(name, tokens.get(checked(id, tokens)))));
        return named;
    }

    private Set<Integer> endOfGeneration(List<String> tokens, int[] types) {
        Set<Integer> ids = new TreeSet<>();
        for (String key : List.of("eos", "eot", "eom")) {
            id(key + "_token_id").ifPresent(id -> ids.add(checked(id, tokens)));
        }
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL && TURN_ENDS.contains(tokens.get(id))) {
                ids.add(id);
            }
        }
        return ids;
    }

    private Map<String, String> templates() {
        Map<String, String> templates = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (value instanceof String template && key.equals(TEMPLATE)) {
                templates.put(ChatTemplates.DEFAULT, template);
            } else if (value instanceof String template && key.startsWith(TEMPLATE + ".")) {
                templates.put(key.substring(TEMPLATE.length() + 1), template);
            }
        });
        return templates;
    }

    private Optional<String> text(String key) {
        return metadata.get(PREFIX + key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private boolean flag(String key, boolean otherwise) {
        return metadata.get(PREFIX + key) instanceof Boolean flag ? flag : otherwise;
    }

    private OptionalInt id(String key) {
        return metadata.get(PREFIX + key) instanceof Long id && id >= 0 && id < Vocabulary.MOST_IDS
                ? OptionalInt.of(id.intValue())
                : OptionalInt.empty();
    }

    private int checked(int id, List<String> tokens) {
        if (id >= tokens.size()) {
            throw Faults.invalid(file, "the special token " + id + " is not in the vocabulary");
        }
        return id;
    }

    private List<String> texts(String key) {
        if (!(metadata.get(PREFIX + key) instanceof List<?> list) || list.size() > Vocabulary.MOST_IDS) {
            throw Faults.invalid(file, "the metadata have no usable " + PREFIX + key);
        }
        return list.stream().map(this::requireText).toList();
    }

    private String requireText(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw Faults.invalid(file, "a list of texts holds something else");
    }

    private int[] types(int size) {
        if (metadata.get(PREFIX + "token_type") instanceof int[] types && types.length == size) {
            return types;
        }
        if (metadata.containsKey(PREFIX + "token_type")) {
            throw Faults.invalid(file, "there is not one type for each token");
        }
        return new int[size];
    }
}
