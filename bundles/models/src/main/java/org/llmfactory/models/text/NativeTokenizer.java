package org.llmfactory.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.llmfactory.models.internal.Faults;

/** Hugging Face's tokenizer library. Safe for use by several threads; freed by the garbage collector. */
final class NativeTokenizer {
    private static final Map<String, String> WHOLE_TEXTS =
            Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

    private final HuggingFaceTokenizer tokenizer;

    private NativeTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    static NativeTokenizer load(String file, byte[] json) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The library looks for its native part through the thread's loader; nothing is to be reported to its makers.
        thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        try {
            return new NativeTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE_TEXTS));
        } catch (IOException | RuntimeException e) {
            throw Faults.invalid(file, "not a tokenizer: " + Faults.quote(String.valueOf(e.getMessage())), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    int[] encode(String text, boolean addSpecialTokens) {
        long[] ids = tokenizer
                .encode(withoutLoneSurrogates(text), addSpecialTokens, false)
                .getIds();
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    /** Half a character cannot be written in UTF-8: it becomes U+FFFD. */
    private static String withoutLoneSurrogates(String text) {
        boolean clean = text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (clean) {
            return text;
        }
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }
}
