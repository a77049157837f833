package org.llmfactory.evaluation.work;

import java.util.Optional;
import org.llmfactory.api.error.FactoryException;

/**
 * A queue of things that take long, each with one holder at a time.
 *
 * @param <T> one of them
 */
public interface Work<T> {
    /** Takes the next one, if there is one and all is there that it needs. */
    Optional<T> take(String holder);

    /**
     * Works until it has ended, or is not the holder's any more.
     *
     * @param crew does parts of it side by side
     * @throws FactoryException why it cannot be done
     * @throws InterruptedException when the agent stops; another goes on with it
     */
    void work(T taken, String holder, Crew crew) throws InterruptedException;

    /** Ends it without a result, unless it is not the holder's any more. */
    void fail(T taken, String holder, FactoryException reason);

    /** Goes on holding it; false when it is not the holder's any more. */
    boolean renew(T taken, String holder);

    /** Lets it go for others. */
    void release(T taken, String holder);
}
