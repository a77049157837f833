package org.llmfactory.messaging.call;

import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.llmfactory.api.network.AgentAddress;

/**
 * The answers of the last calls, so that a call that is sent again, because its answer was lost or is late, is not performed
 * again. Bounded in number and in bytes: the oldest answers go first.
 */
final class AnswerCache {
    private static final int MAXIMUM_ENTRIES = 4096;
    private static final long MAXIMUM_BYTES = 16L << 20;

    private final Clock clock;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    private record Key(AgentAddress caller, UUID call) {}

    private record Entry(Optional<Answer> answer, Instant expires) {
        int size() {
            return answer.map(known -> known.body().length).orElse(0);
        }
    }

    /** What is known of a call. */
    enum State {
        /** Nothing: it is to be performed, and {@link #answered} to be called then. */
        NEW,
        /** It is being performed. */
        RUNNING,
        /** Its answer is known. */
        ANSWERED
    }

    AnswerCache(Clock clock) {
        this.clock = clock;
    }

    synchronized State begin(AgentAddress caller, UUID call, Instant expires) {
        Key key = new Key(caller, call);
        Entry entry = entries.get(key);
        if (entry != null) {
            return entry.answer().isPresent() ? State.ANSWERED : State.RUNNING;
        }
        put(key, new Entry(Optional.empty(), expires));
        return State.NEW;
    }

    synchronized Optional<Answer> answer(AgentAddress caller, UUID call) {
        return Optional.ofNullable(entries.get(new Key(caller, call))).flatMap(Entry::answer);
    }

    synchronized void answered(AgentAddress caller, UUID call, Instant expires, Answer answer) {
        Key key = new Key(caller, call);
        remove(key);
        put(key, new Entry(Optional.of(answer), expires));
    }

    /** Lets a call that was not performed come again. */
    synchronized void abandon(AgentAddress caller, UUID call) {
        remove(new Key(caller, call));
    }

    private void put(Key key, Entry entry) {
        entries.put(key, entry);
        bytes += entry.size();
        Instant now = clock.instant();
        Iterator<Map.Entry<Key, Entry>> oldest = entries.entrySet().iterator();
        while (oldest.hasNext()) {
            Entry next = oldest.next().getValue();
            boolean over = entries.size() > MAXIMUM_ENTRIES || bytes > MAXIMUM_BYTES;
            if (!over && next.expires().isAfter(now)) {
                return;
            }
            // What is being performed stays, or it would be performed twice.
            if (next.answer().isPresent()) {
                bytes -= next.size();
                oldest.remove();
            } else if (!over) {
                return;
            }
        }
    }

    private void remove(Key key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            bytes -= entry.size();
        }
    }
}
