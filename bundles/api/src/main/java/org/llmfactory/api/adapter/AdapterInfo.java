package org.llmfactory.api.adapter;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.llmfactory.api.identity.Visibility;

/**
 * An adapter version.
 *
 * @param id a UUID; survives as the public name of this registration
 * @param name what people call it: lower-case letters, digits, {@code . _ -}, at most 64; unique among its owner's adapters
 *     in the project
 * @param project whose it is
 * @param owner the principal who registered it
 * @param visibility who may know of it
 * @param digest SHA-256 of configuration and weights, 64 lower-case hex digits: the adapter's identity in every cache
 * @param baseModel id of the base model it was made for
 * @param baseDigest digest of that base model
 * @param rank the largest rank
 * @param targetModules the projections it changes, for example {@code q_proj}
 * @param bytes size of its weights
 * @param created when it was registered
 */
public record AdapterInfo(
        String id,
        String name,
        String project,
        String owner,
        Visibility visibility,
        String digest,
        String baseModel,
        String baseDigest,
        int rank,
        Set<String> targetModules,
        long bytes,
        Instant created) {
    public AdapterInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(visibility, "visibility");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(baseModel, "baseModel");
        Objects.requireNonNull(baseDigest, "baseDigest");
        targetModules = Set.copyOf(targetModules);
        Objects.requireNonNull(created, "created");
    }

    /** The same adapter, shown to others. */
    public AdapterInfo with(Visibility shown) {
        return new AdapterInfo(
                id, name, project, owner, shown, digest, baseModel, baseDigest, rank, targetModules, bytes, created);
    }

    /** This version under the identity of a registration that there is already: its id, age and visibility. */
    public AdapterInfo replacing(AdapterInfo former) {
        return new AdapterInfo(
                former.id,
                name,
                project,
                owner,
                former.visibility,
                digest,
                baseModel,
                baseDigest,
                rank,
                targetModules,
                bytes,
                former.created);
    }
}
