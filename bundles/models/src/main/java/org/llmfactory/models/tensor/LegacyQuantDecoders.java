package org.llmfactory.models.tensor;

/**
 * GGUF's first quantisations: blocks of 32 with a half-precision scale and, for the {@code _1} types, a minimum. In a
 * 4-bit byte the low half is element {@code i}, the high half element {@code i + 16}.
 */
final class LegacyQuantDecoders {
    private static final int BLOCK = 32;
    private static final int HALF = 16;

    private LegacyQuantDecoders() {}

    static void q40(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 18;
            float scale = PlainDecoders.half(raw, at);
            int out = offset + block * BLOCK;
            for (int i = 0; i < HALF; i++) {
                int pair = raw[at + 2 + i];
                target[out + i] = ((pair & 0xF) - 8) * scale;
                target[out + HALF + i] = (((pair >> 4) & 0xF) - 8) * scale;
            }
        }
    }

    static void q41(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 20;
            float scale = PlainDecoders.half(raw, at);
            float minimum = PlainDecoders.half(raw, at + 2);
            int out = offset + block * BLOCK;
            for (int i = 0; i < HALF; i++) {
                int pair = raw[at + 4 + i];
                target[out + i] = (pair & 0xF) * scale + minimum;
                target[out + HALF + i] = ((pair >> 4) & 0xF) * scale + minimum;
            }
        }
    }

    static void q50(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 22;
            float scale = PlainDecoders.half(raw, at);
            int high = fifthBits(raw, at + 2);
            int out = offset + block * BLOCK;
            for (int i = 0; i < HALF; i++) {
                int pair = raw[at + 6 + i];
                target[out + i] = (((pair & 0xF) | fifth(high, i)) - 16) * scale;
                target[out + HALF + i] = ((((pair >> 4) & 0xF) | fifth(high, i + HALF)) - 16) * scale;
            }
        }
    }

    static void q51(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 24;
            float scale = PlainDecoders.half(raw, at);
            float minimum = PlainDecoders.half(raw, at + 2);
            int high = fifthBits(raw, at + 4);
            int out = offset + block * BLOCK;
            for (int i = 0; i < HALF; i++) {
                int pair = raw[at + 8 + i];
                target[out + i] = ((pair & 0xF) | fifth(high, i)) * scale + minimum;
                target[out + HALF + i] = (((pair >> 4) & 0xF) | fifth(high, i + HALF)) * scale + minimum;
            }
        }
    }

    static void q80(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 34;
            float scale = PlainDecoders.half(raw, at);
            int out = offset + block * BLOCK;
            for (int i = 0; i < BLOCK; i++) {
                target[out + i] = raw[at + 2 + i] * scale;
            }
        }
    }

    /** The 32 fifth bits of a block, element {@code i} in bit {@code i}. */
    private static int fifthBits(byte[] raw, int at) {
        return (raw[at] & 0xFF) | (raw[at + 1] & 0xFF) << 8 | (raw[at + 2] & 0xFF) << 16 | (raw[at + 3] & 0xFF) << 24;
    }

    private static int fifth(int bits, int element) {
        return ((bits >>> element) & 1) << 4;
    }
}
