package org.llmfactory.models.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What each id stands for. Immutable once built; safe for use by several threads. */
final class Vocabulary {
    /** More ids than any model has; bounds what a hostile file can make us allocate. */
    static final int MOST_IDS = 1 << 22;

    private static final byte[] NOTHING = {};

    private final byte[] @Nullable [] pieces;
    private final BitSet special;
    private final Map<String, Integer> ids;
    private final int leadingSpaces;

    private Vocabulary(Builder builder) {
        this.special = builder.special;
        this.leadingSpaces = builder.style.leadingSpaces();
        this.ids = builder.ids;
        this.pieces = new byte[builder.tokens.size()][];
        builder.tokens.forEach((id, token) -> pieces[id] = builder.style.bytesOf(token));
    }

    /** Number of ids, unused ones included. */
    int size() {
        return pieces.length;
    }

    /** The bytes of one token; none for an id that stands for nothing. */
    byte[] bytesOf(int id) {
        byte[] piece = id >= 0 && id < pieces.length ? pieces[id] : NOTHING;
        return piece == null ? NOTHING : piece;
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** How many spaces a text's beginning loses, because the tokenizer put them there. */
    int leadingSpaces() {
        return leadingSpaces;
    }

    /** Collects tokens. */
    static final class Builder {
        private final Map<Integer, String> tokens = new HashMap<>();
        private final Map<String, Integer> ids = new HashMap<>();
        private final BitSet special = new BitSet();
        private PieceStyle style = PieceStyle.BYTE_LEVEL;

        /** Adds a token; an id that is known already stands for the new token. */
        Builder add(int id, String token) {
            if (id < 0 || id >= MOST_IDS) {
                throw new IllegalArgumentException("the token id " + id + " is out of range");
            }
            tokens.put(id, token);
            ids.putIfAbsent(token, id);
            return this;
        }

        Builder special(int id) {
            special.set(id);
            return this;
        }

        Builder style(PieceStyle style) {
            this.style = style;
            return this;
        }

        Vocabulary build() {
            int size = tokens.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
            for (int id = 0; id < size; id++) {
                tokens.putIfAbsent(id, "");
            }
            return new Vocabulary(this);
        }
    }
}
