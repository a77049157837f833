package org.llmfactory.agent.logs;

import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;

/** An entry as a logger makes it, of no bundle. */
record RecordedEntry(LogLevel level, String message, Throwable thrown) implements LogEntry {
    @Override
    public Bundle getBundle() {
        return null;
    }

    @Override
    public ServiceReference<?> getServiceReference() {
        return null;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // the interface has it
    public int getLevel() {
        return 0;
    }

    @Override
    public String getMessage() {
        return message;
    }

    @Override
    public Throwable getException() {
        return thrown;
    }

    @Override
    public long getTime() {
        return 1_000;
    }

    @Override
    public LogLevel getLogLevel() {
        return level;
    }

    @Override
    public String getLoggerName() {
        return "logger";
    }

    @Override
    public long getSequence() {
        return 0;
    }

    @Override
    public String getThreadInfo() {
        return "thread";
    }

    @Override
    public StackTraceElement getLocation() {
        return null;
    }
}
