package org.llmfactory.api.adapter;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which adapters there are. A name is only a pointer to a digest; content is immutable. OSGi service; safe for use by
 * several threads.
 */
@ProviderType
public interface AdapterRegistry {
    /**
     * Checks and stores an adapter. Registering the same content under the same name again returns the existing entry;
     * other content under a known name makes the name point to it.
     *
     * @param name see {@link AdapterInfo#name()}
     * @param baseModel id of the base model on this agent
     * @param configuration PEFT's {@code adapter_config.json}
     * @param weights PEFT's {@code adapter_model.safetensors}; both files are copied
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} or {@code ADAPTER_MISMATCH} with the reason
     *     of refusal, {@code INVALID_VALUE} for a bad name, {@code MODEL_NOT_FOUND} for an unknown base
     */
    AdapterInfo register(String name, String baseModel, Path configuration, Path weights);

    /** By id, by name, by {@code base:name} or by digest. */
    Optional<AdapterInfo> find(String reference);

    /** All adapters, oldest first. */
    List<AdapterInfo> list();

    /** Removes a registration by id or name; false when there was none. Running requests finish. */
    boolean remove(String reference);

    /**
     * The adapter's files in a local folder ({@code adapter_config.json}, {@code adapter_model.safetensors}), fetched
     * from the object store when they are not on this agent yet. May take long: not for the engine's step thread.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code MODEL_NOT_FOUND} when no adapter has this digest, {@code
     *     INVALID_FILE} when what the store holds does not match it
     */
    Path fetch(String digest);
}
