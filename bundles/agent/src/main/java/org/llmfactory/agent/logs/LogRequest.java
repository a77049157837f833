package org.llmfactory.agent.logs;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;
import org.osgi.service.log.LogLevel;

/**
 * What a stream of log lines is opened with. Each message on it is JSON: a line, or how many were left out.
 *
 * @param plugin symbolic name of the bundle whose lines are wanted; null for all
 * @param level the least of interest: {@code error}, {@code warn}, {@code info}, {@code debug} or {@code trace}
 * @param follow whether lines are wanted that are yet to come
 * @param lines how many of the last ones are wanted first, 0 to {@value #MOST_LINES}
 */
public record LogRequest(@Nullable String plugin, String level, boolean follow, int lines) {
    /** The name of the stream service. */
    public static final String SERVICE = "logs";

    /** The last lines that an agent keeps. */
    public static final int MOST_LINES = 2000;

    /** The request as a stream takes it. */
    public byte[] write() {
        return Json.write(this);
    }

    /**
     * Reads a request.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is none
     */
    static LogRequest read(byte[] request) {
        try {
            LogRequest read = Json.MAPPER.readValue(request, LogRequest.class);
            if (read == null || read.level() == null || read.lines() < 0 || read.lines() > MOST_LINES) {
                throw malformed(null);
            }
            read.threshold();
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static FactoryException malformed(@Nullable Exception cause) {
        return new FactoryException(
                ErrorCode.INVALID_REQUEST,
                "A request for logs says level (error, warn, info, debug, trace), follow and lines (0 to " + MOST_LINES
                        + ").",
                cause);
    }

    private LogLevel threshold() {
        return LogLevel.valueOf(level.toUpperCase(Locale.ROOT));
    }

    /** Whether a line is wanted. */
    boolean wants(LogLine line) {
        return threshold().implies(line.severity()) && (plugin == null || plugin.equals(line.plugin()));
    }
}
