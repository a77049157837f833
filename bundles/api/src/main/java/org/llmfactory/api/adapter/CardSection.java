package org.llmfactory.api.adapter;

import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.identity.Caller;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A part of an adapter's card: what somebody knows of it beyond what the registry does, such as how it was trained or what
 * it was measured to do. OSGi services, any number, with different names; safe for use by several threads.
 */
@ConsumerType
public interface CardSection {
    /** What the part is called: lower-case letters. */
    String name();

    /**
     * What a caller may know, as JSON has it (maps, lists, strings, numbers, booleans). He may know of the adapter; the
     * rest is for the section to decide.
     *
     * @return empty when there is nothing
     */
    Optional<Map<String, Object>> of(AdapterInfo adapter, Caller caller);
}
