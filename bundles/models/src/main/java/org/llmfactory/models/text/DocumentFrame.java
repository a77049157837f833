package org.llmfactory.models.text;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What is changed at the ends of a document where the configuration says otherwise than {@code tokenizer.json}.
 *
 * @param dropFirst the beginning token that {@code tokenizer.json} adds is not wanted
 * @param dropLast the same at the end
 * @param first a token to put before
 * @param last a token to put behind
 */
record DocumentFrame(boolean dropFirst, boolean dropLast, OptionalInt first, OptionalInt last) {
    static DocumentFrame of(NativeTokenizer tokenizer, TokenizerDefinition definition) {
        int[] bare = tokenizer.encode("a", false);
        int[] framed = tokenizer.encode("a", true);
        OptionalInt begin = id(definition, "bos_token");
        OptionalInt end = id(definition, "eos_token");
        boolean hasBegin = begin.isPresent() && at(framed, 0, begin) && !at(bare, 0, begin);
        boolean hasEnd = end.isPresent() && at(framed, framed.length - 1, end) && !at(bare, bare.length - 1, end);
        return new DocumentFrame(
                hasBegin && isFalse(definition.addBegin()),
                hasEnd && isFalse(definition.addEnd()),
                !hasBegin && isTrue(definition.addBegin()) ? begin : OptionalInt.empty(),
                !hasEnd && isTrue(definition.addEnd()) ? end : OptionalInt.empty());
    }

    private static OptionalInt id(TokenizerDefinition definition, String name) {
        String token = definition.namedTokens().get(name);
        return token == null ? OptionalInt.empty() : definition.vocabulary().idOf(token);
    }

    private static boolean at(int[] ids, int index, OptionalInt id) {
        return index >= 0 && index < ids.length && ids[index] == id.getAsInt();
    }

    private static boolean isTrue(Optional<Boolean> flag) {
        return flag.isPresent() && flag.get();
    }

    private static boolean isFalse(Optional<Boolean> flag) {
        return flag.isPresent() && !flag.get();
    }

    /** The ids of a document, given those with what {@code tokenizer.json} adds. */
    int[] around(int[] ids) {
        int from = dropFirst ? 1 : 0;
        int to = ids.length - (dropLast ? 1 : 0);
        IntStream framed = Arrays.stream(ids, from, Math.max(from, to));
        if (first.isPresent()) {
            framed = IntStream.concat(IntStream.of(first.getAsInt()), framed);
        }
        if (last.isPresent()) {
            framed = IntStream.concat(framed, IntStream.of(last.getAsInt()));
        }
        return framed.toArray();
    }
}
