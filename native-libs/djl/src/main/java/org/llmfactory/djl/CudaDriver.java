package org.llmfactory.djl;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NVIDIA driver of this machine.
 *
 * @param version the newest CUDA that it can run, for example 12080 for 12.8
 * @param devices how many GPUs there are
 * @param computeCapability of the first GPU, for example 90 for 9.0; 0 without a GPU
 */
public record CudaDriver(int version, int devices, int computeCapability) {
    private static final Logger LOG = LoggerFactory.getLogger(CudaDriver.class);
    private static final int MAJOR_ATTRIBUTE = 75;
    private static final int MINOR_ATTRIBUTE = 76;

    private interface LibCuda extends Library {
        int cuInit(int flags);

        int cuDriverGetVersion(int[] version);

        int cuDeviceGetCount(int[] count);

        int cuDeviceGetAttribute(int[] value, int attribute, int device);
    }

    /** Asks the driver; empty when there is none. */
    public static Optional<CudaDriver> find() {
        LibCuda cuda;
        try {
            cuda = Native.load("libcuda.so.1", LibCuda.class);
        } catch (UnsatisfiedLinkError e) {
            LOG.debug("No NVIDIA driver", e);
            return Optional.empty();
        }
        int[] version = new int[1];
        int[] devices = new int[1];
        int[] major = new int[1];
        int[] minor = new int[1];
        cuda.cuDriverGetVersion(version);
        if (cuda.cuInit(0) == 0) { // fails without a GPU
            cuda.cuDeviceGetCount(devices);
        }
        if (devices[0] > 0) {
            cuda.cuDeviceGetAttribute(major, MAJOR_ATTRIBUTE, 0);
            cuda.cuDeviceGetAttribute(minor, MINOR_ATTRIBUTE, 0);
        }
        return Optional.of(new CudaDriver(version[0], devices[0], 10 * major[0] + minor[0]));
    }
}
