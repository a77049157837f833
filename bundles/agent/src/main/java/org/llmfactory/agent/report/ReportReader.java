package org.llmfactory.agent.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.rest.Json;

/**
 * Reads the messages of one stream of reports. Not for several threads at once.
 *
 * <p>Every method throws a {@link FactoryException} ({@code INVALID_REQUEST}, {@code PAYLOAD_TOO_LARGE}) for what is
 * malformed or too large; nothing more is to be read from the stream then.
 */
public final class ReportReader {
    private static final ObjectReader REPORTS = strict(ReportWire.class);
    private static final ObjectReader LOADS = strict(LoadReport.class);
    private static final ObjectReader OPENINGS = strict(ReportMessages.Opening.class);

    private final int maximumBytes;
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

    /** A reader of reports of at most so many bytes. */
    public ReportReader(int maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    private static ObjectReader strict(Class<?> type) {
        return Json.MAPPER.readerFor(type).with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
    }

    /** When the process of the agent began that opens a stream. */
    public static Instant started(byte[] opening) {
        ReportMessages.Opening read = read(OPENINGS, opening, 0, ReportMessages.Opening.class);
        if (read.version() != ReportMessages.VERSION) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "Reports of version " + read.version() + " are not understood here, only those of version "
                            + ReportMessages.VERSION + ". Run the same release on all agents.");
        }
        return Instant.ofEpochMilli(read.started());
    }

    /** Reads a message and tells what it says. A kind of message that is not known counts as a beat. */
    public void read(byte[] message, ReportHandler handler) {
        if (message.length == 0) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "An empty message is no report.");
        }
        switch (message[0]) {
            case ReportMessages.WHOLE -> {
                parts.reset();
                handler.onReport(whole(message));
            }
            case ReportMessages.FIRST_PART -> {
                parts.reset();
                append(message);
                handler.onBeat();
            }
            case ReportMessages.NEXT_PART -> {
                append(message);
                handler.onBeat();
            }
            case ReportMessages.LAST_PART -> {
                append(message);
                byte[] joined = parts.toByteArray();
                parts.reset();
                handler.onReport(read(REPORTS, joined, 0, ReportWire.class).report());
            }
            case ReportMessages.LOAD -> handler.onLoad(read(LOADS, message, 1, LoadReport.class));
            case ReportMessages.GOODBYE -> handler.onGoodbye();
            default -> handler.onBeat();
        }
    }

    private AgentReport whole(byte[] message) {
        checkSize(message.length - 1);
        return read(REPORTS, message, 1, ReportWire.class).report();
    }

    private void append(byte[] message) {
        checkSize(parts.size() + message.length - 1);
        parts.write(message, 1, message.length - 1);
    }

    private void checkSize(int bytes) {
        if (bytes > maximumBytes) {
            throw new FactoryException(ErrorCode.PAYLOAD_TOO_LARGE, "A report has at most " + maximumBytes + " bytes.");
        }
    }

    private static <T> T read(ObjectReader reader, byte[] json, int offset, Class<T> type) {
        try {
            Object value = reader.readValue(json, offset, json.length - offset);
            if (value == null) {
                throw new FactoryException(ErrorCode.INVALID_REQUEST, "A report is a JSON object, not null.");
            }
            return type.cast(value);
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The report is malformed.", e);
        }
    }
}
