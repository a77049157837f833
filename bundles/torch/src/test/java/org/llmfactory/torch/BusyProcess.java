package org.llmfactory.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** Another process that takes all it can get of one processor. */
final class BusyProcess {
    private BusyProcess() {}

    /** Does {@code work} while the process runs. */
    static <T> T beside(Supplier<T> work) {
        Process process;
        try {
            process = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return work.get();
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
