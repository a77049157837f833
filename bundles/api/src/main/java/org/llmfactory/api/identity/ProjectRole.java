package org.llmfactory.api.identity;

/** A principal's role in a project, weakest first. */
public enum ProjectRole {
    /** Sees what the project has. */
    VIEWER,
    /** Uses it: calls models, makes adapters and keys of his own. */
    MEMBER,
    /** Looks after it: adapters, presets and service accounts of everyone. */
    MAINTAINER,
    /** Decides over it: members, settings, policies. */
    OWNER;

    /** Whether this role is worth at least as much as another. */
    public boolean covers(ProjectRole other) {
        return compareTo(other) >= 0;
    }
}
