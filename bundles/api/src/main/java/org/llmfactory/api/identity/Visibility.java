package org.llmfactory.api.identity;

/** Who may know of something that belongs to a project. */
public enum Visibility {
    /** Its owner. */
    PRIVATE,
    /** Everyone in the project, as far as his role goes. */
    PROJECT,
    /** Everyone on the platform; a project may opt out. */
    PUBLIC
}
