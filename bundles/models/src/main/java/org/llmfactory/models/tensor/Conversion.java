package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.stream.IntStream;

/** Turns stored elements into floats or bfloat16, on all cores for a large tensor. */
final class Conversion {
    /** Elements converted at a time: a multiple of every block size, small enough for the second-level cache. */
    private static final int CHUNK = 1 << 15;

    private static final int QUIET_NAN = 0x7FC0;

    private final StorageType type;
    private final BlockDecoder decoder;

    private Conversion(StorageType type, BlockDecoder decoder) {
        this.type = type;
        this.decoder = decoder;
    }

    static Conversion of(StorageType type) {
        return new Conversion(type, decoderOf(type));
    }

    /** Fills {@code target} with as many elements as it holds, read from the buffer's start. */
    void toFloats(ByteBuffer stored, float[] target) {
        chunks(target.length).forEach(chunk -> {
            int from = chunk * CHUNK;
            int count = Math.min(CHUNK, target.length - from);
            decode(stored, from, count, target, from);
        });
    }

    /** Fills {@code target} with as many elements as it holds, read from the buffer's start. */
    void toBfloat16(ByteBuffer stored, ByteBuffer target) {
        ShortBuffer shorts = target.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        int elements = shorts.remaining();
        chunks(elements).forEach(chunk -> {
            int from = chunk * CHUNK;
            int count = Math.min(CHUNK, elements - from);
            float[] floats = new float[count];
            decode(stored, from, count, floats, 0);
            short[] rounded = new short[count];
            for (int i = 0; i < count; i++) {
                rounded[i] = bfloat16(floats[i]);
            }
            shorts.put(from, rounded);
        });
    }

    /** The nearest bfloat16, ties to even. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) QUIET_NAN;
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    private void decode(ByteBuffer stored, int firstElement, int count, float[] target, int targetOffset) {
        int firstByte = firstElement / type.blockSize() * type.blockBytes();
        byte[] raw = new byte[count / type.blockSize() * type.blockBytes()];
        stored.get(firstByte, raw);
        decoder.decode(raw, count / type.blockSize(), target, targetOffset);
    }

    private static IntStream chunks(int elements) {
        IntStream chunks = IntStream.range(0, (int) ((elements + (long) CHUNK - 1) / CHUNK));
        return elements > CHUNK ? chunks.parallel() : chunks;
    }

    private static BlockDecoder decoderOf(StorageType type) {
        return switch (type) {
            case F64 -> PlainDecoders::float64;
            case F32 -> PlainDecoders::float32;
            case F16 -> PlainDecoders::float16;
            case BF16 -> PlainDecoders::bfloat16;
            case Q4_0 -> LegacyQuantDecoders::q40;
            case Q4_1 -> LegacyQuantDecoders::q41;
            case Q5_0 -> LegacyQuantDecoders::q50;
            case Q5_1 -> LegacyQuantDecoders::q51;
            case Q8_0 -> LegacyQuantDecoders::q80;
            case Q4_K -> KQuantDecoders::q4k;
            case Q5_K -> KQuantDecoders::q5k;
            case Q6_K -> KQuantDecoders::q6k;
            case I64, I32, I16, I8, U64, U32, U16, U8, BOOL, F8_E4M3, F8_E5M2 ->
                throw new IllegalArgumentException(type + " is not read");
        };
    }

    /** Reads blocks of one storage type. */
    @FunctionalInterface
    interface BlockDecoder {
        /** Decodes {@code blocks} blocks from the start of {@code raw} to {@code target} from {@code offset} on. */
        void decode(byte[] raw, int blocks, float[] target, int offset);
    }
}
