package org.llmfactory.models.tensor;

/** GGUF's k-quants: blocks of 256 whose sub-blocks have scales that are quantised themselves. */
final class KQuantDecoders {
    private static final int BLOCK = 256;
    private static final int SUB_BLOCK = 32;

    private KQuantDecoders() {}

    /** Half scale, half minimum, twelve bytes of packed 6-bit scales and minimums, 128 bytes of 4-bit values. */
    static void q4k(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 144;
            float scale = PlainDecoders.half(raw, at);
            float minimum = PlainDecoders.half(raw, at + 2);
            for (int sub = 0; sub < 8; sub++) {
                float subScale = scale * packedScale(raw, at + 4, sub);
                float subMinimum = minimum * packedMinimum(raw, at + 4, sub);
                int values = at + 16 + (sub / 2) * SUB_BLOCK;
                int shift = (sub % 2) * 4;
                int out = offset + block * BLOCK + sub * SUB_BLOCK;
                for (int i = 0; i < SUB_BLOCK; i++) {
                    target[out + i] = subScale * ((raw[values + i] >> shift) & 0xF) - subMinimum;
                }
            }
        }
    }

    /** As {@link #q4k} with 32 bytes before the values that hold the fifth bit, sub-block {@code s} in bit {@code s}. */
    static void q5k(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 176;
            float scale = PlainDecoders.half(raw, at);
            float minimum = PlainDecoders.half(raw, at + 2);
            for (int sub = 0; sub < 8; sub++) {
                float subScale = scale * packedScale(raw, at + 4, sub);
                float subMinimum = minimum * packedMinimum(raw, at + 4, sub);
                int high = at + 16;
                int values = at + 48 + (sub / 2) * SUB_BLOCK;
                int shift = (sub % 2) * 4;
                int out = offset + block * BLOCK + sub * SUB_BLOCK;
                for (int i = 0; i < SUB_BLOCK; i++) {
                    int value = ((raw[values + i] >> shift) & 0xF) | ((raw[high + i] >> sub) & 1) << 4;
                    target[out + i] = subScale * value - subMinimum;
                }
            }
        }
    }

    /** 128 bytes of low 4 bits, 64 of high 2 bits, sixteen signed scales, a half scale; two halves of 128 elements. */
    static void q6k(byte[] raw, int blocks, float[] target, int offset) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 210;
            float scale = PlainDecoders.half(raw, at + 208);
            for (int quarter = 0; quarter < 8; quarter++) {
                int half = quarter / 4;
                int low = at + half * 64 + (quarter % 2) * SUB_BLOCK;
                int lowShift = (quarter % 4 / 2) * 4;
                int high = at + 128 + half * SUB_BLOCK;
                int highShift = (quarter % 4) * 2;
                int scales = at + 192 + quarter * 2;
                int out = offset + block * BLOCK + quarter * SUB_BLOCK;
                for (int i = 0; i < SUB_BLOCK; i++) {
                    int value = ((raw[low + i] >> lowShift) & 0xF) | ((raw[high + i] >> highShift) & 3) << 4;
                    target[out + i] = scale * raw[scales + i / 16] * (value - 32);
                }
            }
        }
    }

    private static int packedScale(byte[] raw, int at, int sub) {
        return sub < 4 ? raw[at + sub] & 0x3F : (raw[at + sub + 4] & 0xF) | ((raw[at + sub - 4] >> 6) & 3) << 4;
    }

    private static int packedMinimum(byte[] raw, int at, int sub) {
        return sub < 4 ? raw[at + sub + 4] & 0x3F : ((raw[at + sub + 4] >> 4) & 0xF) | ((raw[at + sub] >> 6) & 3) << 4;
    }
}
