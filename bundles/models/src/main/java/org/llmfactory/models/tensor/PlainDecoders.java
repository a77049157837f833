package org.llmfactory.models.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Types that store one element after the other. */
final class PlainDecoders {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private PlainDecoders() {}

    static void float64(byte[] raw, int elements, float[] target, int offset) {
        for (int i = 0; i < elements; i++) {
            target[offset + i] = (float) (double) DOUBLE.get(raw, 8 * i);
        }
    }

    static void float32(byte[] raw, int elements, float[] target, int offset) {
        for (int i = 0; i < elements; i++) {
            target[offset + i] = (float) FLOAT.get(raw, 4 * i);
        }
    }

    static void float16(byte[] raw, int elements, float[] target, int offset) {
        for (int i = 0; i < elements; i++) {
            target[offset + i] = half(raw, 2 * i);
        }
    }

    static void bfloat16(byte[] raw, int elements, float[] target, int offset) {
        for (int i = 0; i < elements; i++) {
            target[offset + i] = Float.intBitsToFloat((short) SHORT.get(raw, 2 * i) << 16);
        }
    }

    /** The IEEE half-precision number at a byte position. */
    static float half(byte[] raw, int at) {
        int bits = (short) SHORT.get(raw, at);
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F80_0000 | (fraction << 13));
        }
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    }
}
