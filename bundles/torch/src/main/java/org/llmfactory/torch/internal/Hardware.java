package org.llmfactory.torch.internal;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.llmfactory.djl.CudaDriver;
import org.llmfactory.torch.DType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In which types the machine multiplies matrices itself. */
public final class Hardware {
    private static final Logger LOG = LoggerFactory.getLogger(Hardware.class);
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final int AMPERE = 80;
    private static final int VOLTA = 70;

    private Hardware() {}

    public static boolean isFast(DType type, Device device) {
        return device.isGpu()
                ? isFast(
                        type,
                        CudaDriver.find().map(CudaDriver::computeCapability).orElse(0))
                : isFast(type, cpuFlags());
    }

    static boolean isFast(DType type, int computeCapability) {
        return switch (type) {
            case FLOAT32 -> true;
            case FLOAT16, INT8 -> computeCapability >= VOLTA;
            case BFLOAT16 -> computeCapability >= AMPERE;
            case INT64, INT32, UINT8, BOOL -> false;
        };
    }

    static boolean isFast(DType type, Set<String> cpuFlags) {
        return switch (type) {
            case FLOAT32 -> true;
            case BFLOAT16 -> cpuFlags.contains("avx512_bf16") || cpuFlags.contains("amx_bf16");
            case FLOAT16 -> cpuFlags.contains("avx512_fp16") || cpuFlags.contains("amx_fp16");
            case INT8 ->
                cpuFlags.contains("avx512_vnni") || cpuFlags.contains("avx_vnni") || cpuFlags.contains("amx_int8");
            case INT64, INT32, UINT8, BOOL -> false;
        };
    }

    /** The flags that Linux reports for the first processor; none elsewhere. */
    private static Set<String> cpuFlags() {
        if (!Files.isReadable(CPU_INFO)) {
            return Set.of();
        }
        try {
            return flagsIn(Files.readAllLines(CPU_INFO));
        } catch (IOException e) {
            LOG.warn(
                    "Cannot read {}: taking the processor for one without instructions for 16-bit floats", CPU_INFO, e);
            return Set.of();
        }
    }

    static Set<String> flagsIn(List<String> cpuInfo) {
        return cpuInfo.stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(
                        List.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+", -1))))
                .orElse(Set.of());
    }
}
