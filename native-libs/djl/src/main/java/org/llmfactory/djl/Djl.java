package org.llmfactory.djl;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls DJL the way it needs to be called: DJL looks for its providers and natives through the thread's context class
 * loader, and would go to the network unless told not to.
 */
public final class Djl {
    /** System or framework property: the folder for unpacked native libraries. */
    public static final String CACHE_PROPERTY = "org.llmfactory.native.cache";

    private Djl() {}

    /**
     * Runs {@code work} with the context class loader bound to DJL's. Needed by whatever may load DJL's natives or look
     * up its providers: the first use of the engine, and making a tokenizer.
     */
    public static <T> T call(Supplier<T> work) {
        configure();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Djl.class.getClassLoader());
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The folder for unpacked native libraries. */
    public static Path cacheFolder() {
        String configured = System.getProperty(CACHE_PROPERTY);
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("llm-factory/natives");
    }

    /** Keeps DJL off the network and its files in our cache; what somebody has set already stays. */
    static void configure() {
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("ENGINE_CACHE_DIR", cacheFolder().resolve("djl").toString());
    }

    static void setUnlessSet(String property, @Nullable String value) {
        if (value != null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
