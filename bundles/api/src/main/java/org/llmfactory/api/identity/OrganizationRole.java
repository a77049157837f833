package org.llmfactory.api.identity;

/** A principal's role in the organization, weakest first. */
public enum OrganizationRole {
    /** Of a project only: service accounts. */
    NONE,
    /** A person who belongs to the organization. */
    READER,
    /** An administrator of the platform. */
    OWNER;

    /** Whether this role is worth at least as much as another. */
    public boolean covers(OrganizationRole other) {
        return compareTo(other) >= 0;
    }
}
