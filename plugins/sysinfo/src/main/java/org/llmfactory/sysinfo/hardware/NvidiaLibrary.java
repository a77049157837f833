package org.llmfactory.sysinfo.hardware;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/** The functions of NVIDIA's management library (NVML) that are needed here, by their names in C. Each answers 0 for success. */
interface NvidiaLibrary extends Library {
    int nvmlInit_v2();

    int nvmlShutdown();

    int nvmlDeviceGetCount_v2(IntByReference count);

    int nvmlDeviceGetHandleByIndex_v2(int index, PointerByReference device);

    int nvmlDeviceGetName(Pointer device, byte[] name, int length);

    /** Fills in total, free and used bytes. */
    int nvmlDeviceGetMemoryInfo(Pointer device, long[] memory);
}
