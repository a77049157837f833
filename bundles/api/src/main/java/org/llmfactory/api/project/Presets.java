package org.llmfactory.api.project;

import java.util.List;
import java.util.Optional;
import org.llmfactory.api.identity.Caller;
import org.osgi.annotation.versioning.ProviderType;

/** The presets. Answers come from memory. OSGi service; safe for use by several threads. */
@ProviderType
public interface Presets {
    /**
     * The preset that a caller means and may use: his own before the project's before a published one.
     *
     * @param reference id or name, for the newest version; or either with {@code @} and a version
     */
    Optional<Preset> find(Caller caller, String reference);

    /** The newest version of every preset that a caller may use, oldest first. */
    List<Preset> list(Caller caller);

    /**
     * Makes a preset of a mixture, in the caller's project and for all of it, as his.
     *
     * @param name see {@link Preset#name()}
     * @param base id of the base model
     * @throws org.llmfactory.api.error.FactoryException {@code PERMISSION_DENIED}, or {@code CONFLICT} when the name is
     *     taken in the project
     */
    Preset create(Caller caller, String name, String base, List<Preset.Part> mix);
}
