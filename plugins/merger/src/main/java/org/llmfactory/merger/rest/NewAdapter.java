package org.llmfactory.merger.rest;

import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.JsonFields;

/**
 * What every order says about the adapter to make.
 *
 * @param visibility it gets in the end
 */
record NewAdapter(String name, Visibility visibility) {
    static NewAdapter read(JsonFields fields) {
        return new NewAdapter(
                fields.requiredString("name"),
                fields.string("visibility").map(AdapterObject::visibility).orElse(Visibility.PRIVATE));
    }

    /** What it is registered as before it is shown to others. */
    AdapterRegistry.Label label(Caller caller) {
        return new AdapterRegistry.Label(name, caller.project(), caller.id(), Visibility.PRIVATE);
    }
}
