package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.llmfactory.inference.runner.Chunk;

/**
 * Where everything of a step lies: the chunks' tokens in one row, and what attends to what. Decoding sequences come
 * first, those of like length together, so that one attention serves many and little of it is padding.
 */
final class StepLayout {
    /** Numbers kept of each token; see {@code serving.py}. */
    static final int TOKEN_FIELDS = 5;

    private static final int DECODE = 0;
    private static final int PROMPT = 1;
    private static final int CONTINUATION = 2;

    /** Within this many blocks of each other sequences attend together whatever their ratio. */
    private static final int SLACK_BLOCKS = 4;

    private final int blockSize;
    private final int window;
    private final int[] firstTokens;
    private final List<Chunk> ordered;
    private final int decodes;
    private final int tokenCount;
    private final long[] tokens;
    private final LongArray spans = new LongArray();
    private final LongArray tables = new LongArray();
    private final LongArray wanted = new LongArray();

    private StepLayout(List<Chunk> chunks, int blockSize, int window, boolean hasLongFactors) {
        this.blockSize = blockSize;
        this.window = window;
        int[] order = order(chunks);
        this.ordered = new ArrayList<>(chunks.size());
        this.firstTokens = new int[chunks.size()];
        int[] firstTokenOf = new int[chunks.size()];
        int count = 0;
        int single = 0;
        for (int i = 0; i < order.length; i++) {
            Chunk chunk = chunks.get(order[i]);
            ordered.add(chunk);
            firstTokens[i] = count;
            firstTokenOf[order[i]] = count;
            count += chunk.tokens().length;
            single += isDecode(chunk) ? 1 : 0;
        }
        this.decodes = single;
        this.tokenCount = count;
        this.tokens = new long[TOKEN_FIELDS * count];
        for (int i = 0; i < order.length; i++) {
            placeTokens(ordered.get(i), firstTokens[i], hasLongFactors);
        }
        placeDecodes();
        placeChunks();
        for (int i = 0; i < chunks.size(); i++) {
            placeWanted(chunks.get(i), firstTokenOf[i]);
        }
    }

    /**
     * @param window how far attention reaches back, 0 for everything
     * @param hasLongFactors whether long sequences turn by rotary factors of their own
     */
    static StepLayout of(List<Chunk> chunks, int blockSize, int window, boolean hasLongFactors) {
        return new StepLayout(chunks, blockSize, window, hasLongFactors);
    }

    /** Tokens of the step. */
    int tokenCount() {
        return tokenCount;
    }

    /** The chunks in the order of their tokens. */
    List<Chunk> ordered() {
        return ordered;
    }

    /** How many of {@link #ordered()}, the first ones, are a single token. */
    int decodes() {
        return decodes;
    }

    /** The place of an ordered chunk's first token. */
    int firstToken(int index) {
        return firstTokens[index];
    }

    long[] tokens() {
        return tokens;
    }

    long[] spans() {
        return spans.toArray();
    }

    long[] tables() {
        return tables.toArray();
    }

    long[] wanted() {
        return wanted.toArray();
    }

    private int[] order(List<Chunk> chunks) {
        Comparator<Integer> decodesFirst =
                Comparator.comparing((Integer i) -> !isDecode(chunks.get(i))).thenComparing(i -> blocks(chunks.get(i)));
        return IntStream.range(0, chunks.size())
                .boxed()
                .sorted(decodesFirst)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void placeTokens(Chunk chunk, int first, boolean hasLongFactors) {
        long set = hasLongFactors && chunk.longContext() ? 1 : 0;
        long keyStart = (long) firstBlock(chunk) * blockSize;
        for (int i = 0; i < chunk.tokens().length; i++) {
            int position = chunk.start() + i;
            int at = first + i;
            tokens[at] = chunk.tokens()[i];
            tokens[tokenCount + at] = position;
            tokens[2 * tokenCount + at] =
                    (long) chunk.blockTable()[position / blockSize] * blockSize + position % blockSize;
            tokens[3 * tokenCount + at] = set;
            tokens[4 * tokenCount + at] = keyStart;
        }
    }

    private void placeDecodes() {
        int begin = 0;
        while (begin < decodes) {
            int shortest = blocks(ordered.get(begin));
            int end = begin + 1;
            while (end < decodes && blocks(ordered.get(end)) <= Math.max(2 * shortest, shortest + SLACK_BLOCKS)) {
                end++;
            }
            int longest = blocks(ordered.get(end - 1));
            spans.add(begin, end, longest, tables.size(), DECODE);
            for (int i = begin; i < end; i++) {
                placeTable(ordered.get(i), longest);
            }
            begin = end;
        }
    }

    private void placeChunks() {
        for (int i = decodes; i < ordered.size(); i++) {
            Chunk chunk = ordered.get(i);
            int length = chunk.tokens().length;
            boolean plain = chunk.start() == 0 && (window == 0 || length <= window);
            spans.add(
                    firstTokens[i],
                    firstTokens[i] + length,
                    blocks(chunk),
                    tables.size(),
                    plain ? PROMPT : CONTINUATION);
            placeTable(chunk, blocks(chunk));
        }
    }

    /** The blocks a chunk attends to, and for padding the first of them again, which the mask hides. */
    private void placeTable(Chunk chunk, int length) {
        int first = firstBlock(chunk);
        int own = blocks(chunk);
        for (int i = 0; i < length; i++) {
            tables.add(chunk.blockTable()[first + (i < own ? i : 0)]);
        }
    }

    private void placeWanted(Chunk chunk, int first) {
        int last = first + chunk.tokens().length - 1;
        switch (chunk.logits()) {
            case NONE -> {}
            case LAST -> wanted.add(last);
            case ALL -> {
                for (int token = first; token <= last; token++) {
                    wanted.add(token);
                }
            }
        }
    }

    private static boolean isDecode(Chunk chunk) {
        return chunk.tokens().length == 1;
    }

    /** The first block that holds a key the chunk can see. */
    private int firstBlock(Chunk chunk) {
        return window == 0 ? 0 : Math.max(0, chunk.start() - window + 1) / blockSize;
    }

    private int blocks(Chunk chunk) {
        return (chunk.start() + chunk.tokens().length - 1) / blockSize + 1 - firstBlock(chunk);
    }
}
