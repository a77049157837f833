package org.llmfactory.agent.logs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;

/**
 * A line of the log. None is so long that it does not fit into a message.
 *
 * @param time in milliseconds since 1970
 * @param severity how bad it is
 * @param plugin symbolic name of the bundle that logs; empty when unknown
 * @param logger its name
 * @param message what is said
 * @param stack where it was thrown, or null
 */
record LogLine(
        long time,
        LogLevel severity,
        String plugin,
        String logger,
        String message,
        @Nullable String stack) {
    /** Characters of a message, and of a stack. In JSON each may take six bytes. */
    static final int LONGEST = 4096;

    private static final int LONGEST_NAME = 200;

    static LogLine of(LogEntry entry) {
        Bundle bundle = entry.getBundle();
        Throwable thrown = entry.getException();
        return new LogLine(
                entry.getTime(),
                entry.getLogLevel(),
                bundle == null ? "" : cut(bundle.getSymbolicName(), LONGEST_NAME),
                cut(entry.getLoggerName(), LONGEST_NAME),
                cut(entry.getMessage(), LONGEST),
                thrown == null ? null : cut(stack(thrown), LONGEST));
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static String cut(@Nullable String text, int length) {
        if (text == null) {
            return "";
        }
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    /** The line as it is sent. */
    Wire wire() {
        return new Wire(time, severity.name().toLowerCase(Locale.ROOT), plugin, logger, message, stack);
    }

    /** A line on the wire. */
    record Wire(
            long time,
            String level,
            String plugin,
            String logger,
            String message,
            @Nullable String stack) {}

    /**
     * In the place of lines that the reader was too slow for.
     *
     * @param leftOut how many
     */
    record Gap(long leftOut) {}
}
