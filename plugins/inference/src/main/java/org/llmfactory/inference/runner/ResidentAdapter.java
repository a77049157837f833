package org.llmfactory.inference.runner;

/** An adapter in the memory of the device. Closed only when no step uses it. */
public interface ResidentAdapter extends AutoCloseable {
    /** Memory it takes. */
    long bytes();

    @Override
    void close();
}
