package org.llmfactory.torch;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to open the engine. The native libraries are loaded once in a process: the device and the folder of the first
 * engine hold for all later ones.
 *
 * @param device {@code cpu}, {@code cuda}, or {@code auto}: CUDA where its native bundle is installed, else the CPU
 * @param threads of one operator; 0 takes all processors that the JVM may use
 * @param libtorchFolder a folder of libtorch to use instead of the libraries in the native bundle
 */
public record TorchOptions(String device, int threads, Optional<Path> libtorchFolder) {
    public TorchOptions {
        if (!device.equals("auto") && !device.equals("cpu") && !device.equals("cuda")) {
            throw new IllegalArgumentException("device must be auto, cpu or cuda, but is " + device);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be 0 (all processors) or more, but is " + threads);
        }
    }

    /** The automatic device, all processors, the packed libraries. */
    public static TorchOptions defaults() {
        return new TorchOptions("auto", 0, Optional.empty());
    }
}
