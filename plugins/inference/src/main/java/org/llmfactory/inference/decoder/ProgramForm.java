package org.llmfactory.inference.decoder;

import org.llmfactory.torch.DType;
import org.llmfactory.torch.Torch;

/**
 * Which of the equivalent ways a program computes.
 *
 * @param type of weights, keys and values
 * @param packed whether matrices are reordered for oneDNN
 * @param kernel whether adapters go through our own operator
 */
record ProgramForm(DType type, boolean packed, boolean kernel) {
    private static final String CPU = "cpu";

    /** The fastest way of computing in a type on this device. */
    static ProgramForm of(Torch torch, DType type) {
        boolean cpu = torch.device().equals(CPU);
        return new ProgramForm(type, cpu && (type == DType.FLOAT32 || torch.isFast(type)), cpu && torch.hasKernels());
    }

    /** The type this device computes in fastest. */
    static DType fastestType(Torch torch) {
        return torch.isFast(DType.BFLOAT16) ? DType.BFLOAT16 : DType.FLOAT32;
    }
}
