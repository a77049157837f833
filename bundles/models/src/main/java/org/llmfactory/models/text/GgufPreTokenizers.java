package org.llmfactory.models.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How text is cut before byte-level BPE, by the names that llama.cpp gives in {@code tokenizer.ggml.pre}. */
final class GgufPreTokenizers {
    /**
     * One way to cut.
     *
     * @param splits regular expressions; each cuts what the one before left whole
     * @param gpt2 whether GPT-2's own expression cuts last
     * @param composes whether text is brought to Unicode's composed form first
     * @param ignoresMerges whether a piece that is a token as a whole is left alone
     * @param addsBegin whether a document begins with a token of its own unless the file says otherwise
     */
    record PreTokenizer(
            List<String> splits, boolean gpt2, boolean composes, boolean ignoresMerges, boolean addsBegin) {}

    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String REST = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String SYMBOLS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
    private static final String LLAMA_3 = String.join("|", CONTRACTIONS, WORDS, "\\p{N}{1,3}", SYMBOLS, REST);
    private static final String QWEN_2 = String.join("|", CONTRACTIONS, WORDS, "\\p{N}", SYMBOLS, REST);
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CASED = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+";
    private static final String UPPERCASED = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*";
    private static final String PATHS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
    private static final String TEKKEN = String.join("|", CASED, UPPERCASED, "\\p{N}", PATHS, REST);
    private static final String GPT_4O =
            String.join("|", CASED + CONTRACTIONS + "?", UPPERCASED + CONTRACTIONS + "?", "\\p{N}{1,3}", PATHS, REST);
    private static final String DEFAULT_GPT_2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";

    private static final Map<String, PreTokenizer> KNOWN = known();

    private GgufPreTokenizers() {}

    static Optional<PreTokenizer> find(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    static String names() {
        return String.join(", ", new TreeSet<>(KNOWN.keySet()));
    }

    static boolean addsBeginByDefault(String name) {
        return find(name).map(PreTokenizer::addsBegin).orElse(false);
    }

    private static Map<String, PreTokenizer> known() {
        PreTokenizer gpt2 = new PreTokenizer(List.of(), true, false, false, false);
        PreTokenizer digits = new PreTokenizer(List.of("\\p{N}"), true, false, false, false);
        PreTokenizer llama3 = new PreTokenizer(List.of(LLAMA_3), false, false, true, true);
        PreTokenizer qwen2 = new PreTokenizer(List.of(QWEN_2), false, true, false, false);
        PreTokenizer standard = new PreTokenizer(
                List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", DEFAULT_GPT_2, "\\p{N}+", "[0-9][0-9][0-9]"),
                false,
                false,
                false,
                false);
        Map<String, PreTokenizer> known = new TreeMap<>();
        known.put("default", standard);
        for (String name : List.of("gpt-2", "phi-2", "gpt2", "olmo", "mpt", "jina-v2-code")) {
            known.put(name, gpt2);
        }
        for (String name : List.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b")) {
            known.put(name, digits);
        }
        for (String name : List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral")) {
            known.put(name, llama3);
        }
        for (String name : List.of("qwen2", "stablelm2", "deepseek-r1-qwen", "megrez")) {
            known.put(name, name.equals("stablelm2") ? withoutComposition(qwen2) : qwen2);
        }
        known.put("dbrx", new PreTokenizer(List.of(LLAMA_3), false, false, false, false));
        known.put("smaug-bpe", new PreTokenizer(List.of(LLAMA_3), false, false, false, false));
        known.put("tekken", new PreTokenizer(List.of(TEKKEN), false, false, true, true));
        known.put("gpt-4o", new PreTokenizer(List.of(GPT_4O), false, false, false, false));
        known.put("llama4", new PreTokenizer(List.of(GPT_4O), false, false, false, true));
        return Map.copyOf(known);
    }

    private static PreTokenizer withoutComposition(PreTokenizer other) {
        return new PreTokenizer(other.splits(), other.gpt2(), false, other.ignoresMerges(), other.addsBegin());
    }
}
