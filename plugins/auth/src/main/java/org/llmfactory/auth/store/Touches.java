package org.llmfactory.auth.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** When things were used last, to the minute, gathered in memory and written together, so that no request waits for it. */
public final class Touches {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Map<String, Long> waiting = new ConcurrentHashMap<>();

    /** Notes a use. */
    public void touch(String name, Instant now) {
        long time = now.toEpochMilli();
        Long noted = waiting.get(name);
        if (noted == null || time - noted >= MINUTE) {
            waiting.merge(name, time, Math::max);
        }
    }

    /** The last use that is not written yet. */
    public Optional<Instant> last(String name) {
        return Optional.ofNullable(waiting.get(name)).map(Instant::ofEpochMilli);
    }

    /**
     * Writes what has gathered.
     *
     * @param write is given names and epoch milliseconds; when it fails, the rest is kept for next time
     */
    public void flush(BiConsumer<String, Long> write) {
        for (Map.Entry<String, Long> touch : Map.copyOf(waiting).entrySet()) {
            write.accept(touch.getKey(), touch.getValue());
            waiting.remove(touch.getKey(), touch.getValue());
        }
    }
}
