package org.llmfactory.torch.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.djl.CudaDriver;
import org.llmfactory.djl.CudaRequirements;
import org.llmfactory.djl.Djl;
import org.llmfactory.djl.KernelLibrary;
import org.llmfactory.djl.NativeLibraries;
import org.llmfactory.torch.TorchException;
import org.llmfactory.torch.TorchOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native libraries, loaded: once in the life of the process. */
public final class PyTorch {
    private static final Logger LOG = LoggerFactory.getLogger(PyTorch.class);
    private static final String FOLDER = "PYTORCH_LIBRARY_PATH";

    private static @Nullable PyTorch loaded;

    private final Engine engine;
    private final Device device;
    private final int threads;
    private final boolean kernels;
    private final Support support;

    private PyTorch(Engine engine, Device device, int threads, boolean kernels) {
        this.engine = engine;
        this.device = device;
        this.threads = threads;
        this.kernels = kernels;
        this.support = new Support(newMemory());
    }

    /** Loads them, or gives those loaded before. */
    public static synchronized PyTorch load(TorchOptions options) {
        if (loaded == null) {
            loaded = loadNow(options);
        } else if (!options.device().equals("auto") && options.device().equals("cuda") != loaded.device.isGpu()) {
            throw new TorchException("this process has loaded PyTorch for " + loaded.device
                    + " already; start another one for " + options.device());
        }
        return loaded;
    }

    private static PyTorch loadNow(TorchOptions options) {
        long start = System.nanoTime();
        NativeLibraries libraries = choose(options.device());
        int threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        Path folder = folderOf(libraries, options.libtorchFolder());
        System.setProperty(FOLDER, folder.toString());
        System.setProperty("PYTORCH_VERSION", libraries.version());
        System.setProperty("PYTORCH_FLAVOR", libraries.flavor());
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        if (libraries.device().equals("cuda")) {
            checkCuda(libraries, folder);
        }
        OpenMp.configure(threads);
        Engine engine;
        try {
            engine = Djl.call(() -> Engine.getEngine(PtEngine.ENGINE_NAME));
        } catch (EngineException e) {
            throw new TorchException("PyTorch's native libraries in " + folder + " do not load: " + rootMessage(e), e);
        }
        JniUtils.setNumThreads(threads);
        Device device = libraries.device().equals("cuda") ? Device.gpu(0) : Device.cpu();
        PyTorch pytorch = new PyTorch(engine, device, threads, loadKernels());
        LOG.info(
                "PyTorch {} on {} with {} threads and {} kernels of our own, loaded from {} in {} ms",
                engine.getVersion(),
                device,
                threads,
                pytorch.kernels ? "the" : "no",
                folder,
                (System.nanoTime() - start) / 1_000_000);
        return pytorch;
    }

    private static NativeLibraries choose(String device) {
        List<NativeLibraries> attached;
        try {
            attached = NativeLibraries.attached();
        } catch (IOException e) {
            throw new TorchException("cannot read what native libraries are installed", e);
        }
        return attached.stream()
                .filter(libraries -> device.equals("auto") || device.equals(libraries.device()))
                .max(Comparator.comparing(libraries -> libraries.device().equals("cuda")))
                .orElseThrow(() -> new TorchException("there are no native libraries of PyTorch for device " + device
                        + "; install the bundle org.llmfactory.pytorch.cpu or org.llmfactory.pytorch.cuda"));
    }

    private static Path folderOf(NativeLibraries libraries, Optional<Path> configured) {
        Optional<Path> folder = configured
                .or(() -> Optional.ofNullable(System.getenv(FOLDER)).map(Path::of))
                .or(() -> Optional.ofNullable(System.getProperty(FOLDER)).map(Path::of));
        if (folder.isPresent()) {
            return folder.get();
        }
        if (!libraries.isPacked()) {
            throw new TorchException("libtorch " + libraries.version() + " for " + libraries.device()
                    + " is not installed: set " + FOLDER + " to the folder that holds libtorch.so");
        }
        try {
            return libraries.unpack();
        } catch (IOException e) {
            throw new TorchException(
                    "cannot unpack PyTorch's native libraries to " + Djl.cacheFolder() + ": " + e.getMessage()
                            + "; it takes half a gigabyte, the system property " + Djl.CACHE_PROPERTY
                            + " moves it elsewhere",
                    e);
        }
    }

    private static void checkCuda(NativeLibraries libraries, Path folder) {
        List<String> missing;
        try {
            missing = CudaRequirements.missing(libraries, folder, CudaDriver.find());
        } catch (IOException e) {
            throw new TorchException("cannot look into " + folder + ": " + e.getMessage(), e);
        }
        if (!missing.isEmpty()) {
            throw new TorchException("PyTorch for CUDA cannot start: " + String.join("; ", missing));
        }
    }

    /** The kernels make steps faster; everything works without them. */
    private static boolean loadKernels() {
        try {
            return KernelLibrary.load();
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.warn("Running without the kernels of our own: they do not load", e);
            return false;
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    public Device device() {
        return device;
    }

    public int threads() {
        return threads;
    }

    public boolean hasKernels() {
        return kernels;
    }

    /** A part of native memory that lives until it is closed. */
    public PtNDManager newMemory() {
        return (PtNDManager) engine.newBaseManager(device);
    }

    Support support() {
        return support;
    }
}
