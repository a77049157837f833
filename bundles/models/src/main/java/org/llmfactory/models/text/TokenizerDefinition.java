package org.llmfactory.models.text;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that is known of a tokenizer.
 *
 * @param file where it comes from, for error messages
 * @param json the tokenizer itself, as {@code tokenizer.json}
 * @param vocabulary what each id stands for
 * @param namedTokens special tokens by the names that templates know them by, for example {@code bos_token}
 * @param addBegin whether a document begins with {@code bos_token}; empty to leave that to {@code json}
 * @param addEnd whether a document ends with {@code eos_token}; empty to leave that to {@code json}
 * @param templates chat templates
 * @param endOfGeneration ids that end a generation
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record TokenizerDefinition(
        String file,
        byte[] json,
        Vocabulary vocabulary,
        Map<String, String> namedTokens,
        Optional<Boolean> addBegin,
        Optional<Boolean> addEnd,
        ChatTemplates templates,
        Set<Integer> endOfGeneration) {
    TokenizerDefinition {
        namedTokens = Map.copyOf(namedTokens);
        endOfGeneration = Set.copyOf(endOfGeneration);
    }
}
