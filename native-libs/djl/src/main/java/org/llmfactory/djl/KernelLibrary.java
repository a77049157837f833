package org.llmfactory.djl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The operators of our own. They register themselves with PyTorch when their library is loaded, which happens once in a
 * process and here, because this bundle's class loader stays.
 */
public final class KernelLibrary {
    private static final String FOLDER = "kernels/linux-x86_64/";
    private static final String FILE = "libllmfactory_kernels.so";

    private static boolean loaded;

    private KernelLibrary() {}

    /**
     * Loads the library after libtorch.
     *
     * @return whether there is one: it comes with the bundle org.llmfactory.kernels, if that was built with a compiler
     * @throws UnsatisfiedLinkError when it does not fit libtorch
     */
    public static synchronized boolean load() throws IOException {
        if (loaded) {
            return true;
        }
        byte[] library;
        try (InputStream in = KernelLibrary.class.getClassLoader().getResourceAsStream(FOLDER + FILE)) {
            if (in == null) {
                return false;
            }
            library = in.readAllBytes();
        }
        Path folder = new NativeCache(Djl.cacheFolder())
                .unpack("kernels-" + digestOf(library), FOLDER, Map.of(FILE, (long) library.length));
        System.load(folder.resolve(FILE).toAbsolutePath().toString());
        loaded = true;
        return true;
    }

    private static String digestOf(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
