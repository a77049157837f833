package org.llmfactory.inference.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names the content of a block of keys and values: the tokens in it, all tokens before it, and whatever else they were
 * computed from. A SHA-256, so that equal keys mean equal content.
 */
record PrefixKey(long first, long second, long third, long fourth) {
    static PrefixKey ofHash(byte[] input) {
        ByteBuffer hash = ByteBuffer.wrap(sha256().digest(input));
        return new PrefixKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    /** The key of the block that follows, with these tokens in it. */
    PrefixKey next(int[] tokens, int from, int to) {
        ByteBuffer input = ByteBuffer.allocate(4 * Long.BYTES + Integer.BYTES * (1 + to - from));
        input.putLong(first).putLong(second).putLong(third).putLong(fourth);
        input.putInt(to - from);
        for (int i = from; i < to; i++) {
            input.putInt(tokens[i]);
        }
        return ofHash(input.array());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
