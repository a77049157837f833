package org.llmfactory.torch;

import ai.djl.pytorch.engine.PtNDManager;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.torch.internal.DjlArena;
import org.llmfactory.torch.internal.DjlProgram;
import org.llmfactory.torch.internal.Hardware;
import org.llmfactory.torch.internal.PyTorch;

/**
 * PyTorch, opened. In a container the {@link Torch} service is one of these; elsewhere {@link #open} makes one. Closing
 * it waits for the calls in flight, then frees every program and arena that is still open.
 */
public final class TorchEngine implements Torch, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PyTorch pytorch;
    private final PtNDManager memory;
    private final Set<DjlProgram> programs = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private TorchEngine(PyTorch pytorch) {
        this.pytorch = pytorch;
        this.memory = pytorch.newMemory();
    }

    /**
     * Loads the native libraries if this is the process's first engine.
     *
     * @throws TorchException when a library is missing or does not fit, saying which and what to do
     */
    public static TorchEngine open(TorchOptions options) {
        return new TorchEngine(PyTorch.load(options));
    }

    @Override
    public String device() {
        return pytorch.device().isGpu() ? "cuda:" + pytorch.device().getDeviceId() : "cpu";
    }

    @Override
    public int threads() {
        return pytorch.threads();
    }

    @Override
    public boolean isFast(DType type) {
        return Hardware.isFast(type, pytorch.device());
    }

    @Override
    public boolean hasKernels() {
        return pytorch.hasKernels();
    }

    @Override
    public synchronized Program load(String name, String source) {
        checkOpen();
        DjlProgram program = DjlProgram.load(name, source, memory, programs::remove);
        programs.add(program);
        return program;
    }

    @Override
    public synchronized Arena newArena() {
        checkOpen();
        return DjlArena.in(memory, pytorch);
    }

    /**
     * Waits for the calls in flight and frees everything.
     *
     * @throws TorchException when a call still runs after a minute; nothing is freed under it
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (DjlProgram program : programs) {
            program.close(PATIENCE);
        }
        memory.close();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the PyTorch engine is closed");
        }
    }
}
