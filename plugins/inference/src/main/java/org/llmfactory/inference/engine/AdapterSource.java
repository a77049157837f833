package org.llmfactory.inference.engine;

import org.llmfactory.inference.runner.ResidentAdapter;

/** Where the engine's adapters come from. Safe for use by several threads. */
public interface AdapterSource {
    /**
     * Looks an adapter up; quick.
     *
     * @return the memory it will take, about
     * @throws org.llmfactory.api.error.FactoryException {@code MODEL_NOT_FOUND}, or {@code ADAPTER_MISMATCH} when it was
     *     made for another base model
     */
    long find(String digest);

    /**
     * Brings an adapter into the memory of the device; slow, on a thread of its own.
     *
     * @throws org.llmfactory.api.error.FactoryException with the reason, when it cannot be had
     */
    ResidentAdapter load(String digest);
}
