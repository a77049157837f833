package org.llmfactory.api.adapter;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.Visibility;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which adapters there are. A name is only a pointer to a digest; content is immutable. OSGi service; safe for use by
 * several threads.
 */
@ProviderType
public interface AdapterRegistry {
    /**
     * What an adapter is to be registered as.
     *
     * @param name see {@link AdapterInfo#name()}
     * @param project see {@link AdapterInfo#project()}
     * @param owner see {@link AdapterInfo#owner()}
     * @param visibility see {@link AdapterInfo#visibility()}
     */
    record Label(String name, String project, String owner, Visibility visibility) {
        public Label {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(visibility, "visibility");
        }
    }

    /**
     * Checks and stores an adapter. Registering the same content under the same name of the same owner and project again
     * returns the existing entry; other content under a known name makes the name point to it. The visibility of an
     * existing entry stays as it is; rights are the caller's business.
     *
     * @param baseModel id of the base model on this agent
     * @param configuration PEFT's {@code adapter_config.json}
     * @param weights PEFT's {@code adapter_model.safetensors}; both files are copied
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} or {@code ADAPTER_MISMATCH} with the reason
     *     of refusal, {@code INVALID_VALUE} for a bad name, {@code MODEL_NOT_FOUND} for an unknown base
     */
    AdapterInfo register(Label label, String baseModel, Path configuration, Path weights);

    /**
     * Every adapter that a reference can mean, by id, by name, by {@code base:name} or by digest, oldest first; of all
     * projects, so whoever asks keeps what he may know of. Answers from memory.
     */
    List<AdapterInfo> find(String reference);

    /** An adapter that others would take for another of the same name, if it were shown to them. */
    default Optional<AdapterInfo> rival(AdapterInfo adapter, Visibility visibility) {
        return find(adapter.name()).stream()
                .filter(other -> other.name().equals(adapter.name())
                        && !other.id().equals(adapter.id())
                        && other.visibility() != Visibility.PRIVATE)
                .filter(other -> other.project().equals(adapter.project())
                        || (visibility == Visibility.PUBLIC && other.visibility() == Visibility.PUBLIC))
                .findFirst();
    }

    /** All adapters of all projects, oldest first. */
    List<AdapterInfo> list();

    /** Shows an adapter to others, or hides it; empty when there is none with this id. */
    Optional<AdapterInfo> show(String id, Visibility visibility);

    /** Removes a registration by its id; false when there was none. Running requests finish. */
    boolean remove(String id);

    /**
     * The adapter's files in a local folder ({@code adapter_config.json}, {@code adapter_model.safetensors}), fetched
     * from the object store when they are not on this agent yet. May take long: not for the engine's step thread.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code MODEL_NOT_FOUND} when no adapter has this digest, {@code
     *     INVALID_FILE} when what the store holds does not match it
     */
    Path fetch(String digest);
}
