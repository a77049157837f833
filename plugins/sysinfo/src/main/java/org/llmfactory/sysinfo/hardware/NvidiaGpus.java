package org.llmfactory.sysinfo.hardware;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.network.AgentReport.Gpu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The graphics processors that NVIDIA's driver knows of. Without a driver there are none. */
final class NvidiaGpus {
    /** What the driver installs on Linux. */
    static final String LIBRARY = "libnvidia-ml.so.1";

    private static final Logger log = LoggerFactory.getLogger(NvidiaGpus.class);
    private static final int NAME_BYTES = 96;

    private NvidiaGpus() {}

    /** All of them, in the driver's order. */
    static List<Gpu> find(String library) {
        try {
            return find(Native.load(library, NvidiaLibrary.class));
        } catch (UnsatisfiedLinkError absent) {
            log.debug("There is no {}, so no GPU of NVIDIA's", library);
            return List.of();
        }
    }

    private static List<Gpu> find(NvidiaLibrary nvml) {
        int error = nvml.nvmlInit_v2();
        if (error != 0) {
            log.warn("NVIDIA's driver does not answer (error {}): no GPU is reported", error);
            return List.of();
        }
        try {
            IntByReference count = new IntByReference();
            return nvml.nvmlDeviceGetCount_v2(count) == 0 ? find(nvml, count.getValue()) : List.of();
        } finally {
            nvml.nvmlShutdown();
        }
    }

    private static List<Gpu> find(NvidiaLibrary nvml, int count) {
        List<Gpu> gpus = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            PointerByReference device = new PointerByReference();
            int error = nvml.nvmlDeviceGetHandleByIndex_v2(index, device);
            if (error == 0) {
                gpus.add(new Gpu(name(nvml, device.getValue()), memory(nvml, device.getValue())));
            } else {
                log.warn("GPU {} does not answer (error {}): it is not reported", index, error);
            }
        }
        return List.copyOf(gpus);
    }

    private static String name(NvidiaLibrary nvml, Pointer device) {
        byte[] name = new byte[NAME_BYTES];
        return nvml.nvmlDeviceGetName(device, name, name.length) == 0 ? Native.toString(name) : "NVIDIA";
    }

    private static long memory(NvidiaLibrary nvml, Pointer device) {
        long[] totalFreeUsed = new long[3];
        return nvml.nvmlDeviceGetMemoryInfo(device, totalFreeUsed) == 0 ? totalFreeUsed[0] : 0;
    }
}
