package org.llmfactory.gateway.model;

import java.util.Objects;

/**
 * An adapter as a request names it.
 *
 * @param reference id, name, digest or {@code base:name}
 * @param weight its part in the mix, finite
 * @param path where in the request it stands, for error messages
 */
public record AdapterReference(String reference, float weight, String path) {
    public AdapterReference {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(path, "path");
    }
}
