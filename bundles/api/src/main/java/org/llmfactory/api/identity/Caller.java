package org.llmfactory.api.identity;

import java.util.Objects;

/**
 * Who is calling.
 *
 * @param id of the key's owner
 * @param tenant whose data the caller sees
 * @param administrator whether the caller may change the platform itself
 */
public record Caller(String id, String tenant, boolean administrator) {
    /** The request attribute (servlet and JAX-RS) that holds the caller once authenticated. */
    public static final String ATTRIBUTE = "org.llmfactory.caller";

    public Caller {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
    }
}
