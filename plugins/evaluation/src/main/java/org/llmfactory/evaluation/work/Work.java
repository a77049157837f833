package org.llmfactory.evaluation.work;

import java.util.Optional;

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
     * @throws InterruptedException when the agent stops; another goes on with it
     */
    void work(T taken, String holder, Crew crew) throws InterruptedException;

    /** Goes on holding it; false when it is not the holder's any more. */
    boolean renew(T taken, String holder);

    /** Lets it go for others. */
    void release(T taken, String holder);
}
