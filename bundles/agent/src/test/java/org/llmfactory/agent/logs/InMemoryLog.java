package org.llmfactory.agent.logs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;

/** A log of the test. */
final class InMemoryLog implements LogReaderService {
    private final List<LogEntry> entries = new CopyOnWriteArrayList<>();
    private final List<LogListener> listeners = new CopyOnWriteArrayList<>();

    void log(LogEntry entry) {
        entries.add(entry);
        listeners.forEach(listener -> listener.logged(entry));
    }

    @Override
    public void addLogListener(LogListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeLogListener(LogListener listener) {
        listeners.remove(listener);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the interface has it
    public Enumeration<LogEntry> getLog() {
        List<LogEntry> newestFirst = new ArrayList<>(entries);
        Collections.reverse(newestFirst);
        return Collections.enumeration(newestFirst);
    }
}
