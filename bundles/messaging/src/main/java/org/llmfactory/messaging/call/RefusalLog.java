package org.llmfactory.messaging.call;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.llmfactory.messaging.envelope.Refusal;
import org.llmfactory.messaging.envelope.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs refused messages with their reason, and of each reason no more than one line in ten seconds. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final Map<Refusal, Line> lines = new EnumMap<>(Refusal.class);

    private record Line(long writtenNanos, int silent) {}

    void refused(RefusedException refusal) {
        int silent = count(refusal.reason());
        if (silent >= 0) {
            LOG.warn(
                    "A message was refused ({}): {}{}",
                    refusal.reason(),
                    refusal.getMessage(),
                    silent == 0 ? "" : "; so were " + silent + " more for this reason since the last line");
        }
    }

    /** Says how many were not logged before this one; less than 0 when this one is not either. */
    private synchronized int count(Refusal reason) {
        long now = System.nanoTime();
        Line last = lines.get(reason);
        if (last != null && now - last.writtenNanos() < INTERVAL_NANOS) {
            lines.put(reason, new Line(last.writtenNanos(), last.silent() + 1));
            return -1;
        }
        lines.put(reason, new Line(now, 0));
        return last == null ? 0 : last.silent();
    }
}
