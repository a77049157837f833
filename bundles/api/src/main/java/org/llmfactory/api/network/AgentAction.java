package org.llmfactory.api.network;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that other agents can ask of this one. Register it as an OSGi service and the control plane offers it; it
 * describes itself, so that {@code ./factory agent call} can show what there is.
 *
 * <p>Called by several threads. An action may be performed again for a call that was repeated after an answer was lost, so
 * repeating one must do no harm.
 *
 * @param <A> the arguments: a record whose components are strings, numbers, booleans, {@code Instant}, {@code Duration},
 *     byte arrays, enums, records of these, lists and maps of these, each with its {@link Meaning}
 * @param <R> the result, likewise
 */
@ConsumerType
public interface AgentAction<A extends Record, R extends Record> {
    /** Its name: lower case, parted by dots, for example {@code plugin.deploy}. */
    String name();

    /** What it is for, in a sentence. */
    String why();

    Class<A> arguments();

    Class<R> result();

    /** Who may ask. */
    Callers callers();

    /**
     * Does it.
     *
     * @param caller who asks, as his certificate says
     * @throws org.llmfactory.api.error.FactoryException told to the caller with its code and message
     */
    R perform(AgentAddress caller, A arguments) throws InterruptedException;
}
