package org.llmfactory.projects.rest;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as the wire has them: whole seconds since 1970. */
public final class Seconds {
    private Seconds() {}

    public static long of(Instant time) {
        return time.getEpochSecond();
    }

    public static @Nullable Long of(Optional<Instant> time) {
        return time.map(Instant::getEpochSecond).orElse(null);
    }
}
