package org.llmfactory.djl;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Map;

/**
 * Environment variables of this process as native code sees them. Java's own view of them is a copy made at start and
 * does not change.
 */
public final class ProcessEnvironment {
    private interface LibC extends Library {
        int setenv(String name, String value, int overwrite);
    }

    private ProcessEnvironment() {}

    /**
     * Sets what is not set yet. Native libraries that read a variable when they are loaded see it if they are loaded
     * afterwards. Call it while no native code runs in another thread: the C library does not lock its environment.
     *
     * @throws UnsatisfiedLinkError when the C library cannot be called on this platform
     */
    public static void setUnlessSet(Map<String, String> variables) {
        LibC libC = Native.load("c", LibC.class);
        variables.forEach((name, value) -> {
            if (libC.setenv(name, value, 0) != 0) {
                throw new IllegalArgumentException("cannot set environment variable " + name);
            }
        });
    }
}
