package org.llmfactory.gateway.model;

import java.util.Objects;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.FactoryException;

/** The one answer for a model, adapter or preset that is not there, and for one that is not for the caller. */
public final class UnknownModel {
    private UnknownModel() {}

    /** Without a field of the request that named it. */
    public static FactoryException of(String reference) {
        return Resource.unknown(Resource.Kind.MODEL, reference);
    }

    /** @param path the field that named it */
    static FactoryException at(String path, String reference) {
        FactoryException unknown = of(reference);
        return FactoryException.ofParameter(
                unknown.code(), path, Objects.requireNonNullElse(unknown.getMessage(), reference));
    }
}
