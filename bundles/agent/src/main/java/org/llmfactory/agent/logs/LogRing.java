package org.llmfactory.agent.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The last lines, and those who want the next. Adding a line takes little time and never waits for a reader. */
final class LogRing {
    private final int capacity;
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final List<Consumer<LogLine>> followers = new ArrayList<>();

    LogRing(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(LogLine line) {
        if (lines.size() == capacity) {
            lines.removeFirst();
        }
        lines.addLast(line);
        followers.forEach(follower -> follower.accept(line));
    }

    /** The last lines that are wanted, oldest first. */
    synchronized List<LogLine> last(LogRequest request) {
        ArrayDeque<LogLine> wanted = new ArrayDeque<>();
        var newestFirst = lines.descendingIterator();
        while (newestFirst.hasNext() && wanted.size() < request.lines()) {
            LogLine line = newestFirst.next();
            if (request.wants(line)) {
                wanted.addFirst(line);
            }
        }
        return List.copyOf(wanted);
    }

    /** The last lines that are wanted; the follower hears every line after them, and must not wait. */
    synchronized List<LogLine> follow(LogRequest request, Consumer<LogLine> follower) {
        followers.add(follower);
        return last(request);
    }

    synchronized void leave(Consumer<LogLine> follower) {
        followers.remove(follower);
    }
}
