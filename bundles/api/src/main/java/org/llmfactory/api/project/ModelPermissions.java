package org.llmfactory.api.project;

import java.util.Objects;
import java.util.Set;

/**
 * Which base models a project may use.
 *
 * @param mode how to read the ids
 * @param models ids of base models
 */
public record ModelPermissions(Mode mode, Set<String> models) {
    /** Every model. */
    public static final ModelPermissions ALL = new ModelPermissions(Mode.DENY_LIST, Set.of());

    /** How to read the ids. */
    public enum Mode {
        /** These and no others. */
        ALLOW_LIST,
        /** All but these. */
        DENY_LIST
    }

    public ModelPermissions {
        Objects.requireNonNull(mode, "mode");
        models = Set.copyOf(models);
    }

    public boolean allows(String model) {
        return models.contains(model) == (mode == Mode.ALLOW_LIST);
    }
}
