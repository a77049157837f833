package org.llmfactory.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * A service that comes and goes with its plugin, at most one at a time. A component hands it what its dynamic reference
 * binds and unbinds. Safe for use by several threads.
 */
public final class OptionalService<T> {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final AtomicReference<@Nullable T> present = new AtomicReference<>();

    /** It is there from now on, in the place of any other. */
    public void bind(T service) {
        present.set(service);
    }

    /** It has gone; the one that has taken its place meanwhile stays. */
    public void unbind(T service) {
        present.compareAndSet(service, null);
    }

    /** The one that is there now. */
    public Optional<T> get() {
        return Optional.ofNullable(present.get());
    }

    /**
     * The one that is there now.
     *
     * @param otherwise what the caller is told while there is none
     * @throws FactoryException {@code OVERLOADED} while there is none
     */
    public T require(String otherwise) {
        return get().orElseThrow(() -> FactoryException.retryLater(ErrorCode.OVERLOADED, TRY_AGAIN, otherwise));
    }
}
