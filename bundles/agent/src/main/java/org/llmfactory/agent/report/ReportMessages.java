package org.llmfactory.agent.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.rest.Json;

/**
 * Writes the messages of a stream of reports. The first byte of each is its kind; JSON follows where there is something to
 * say. A report that is larger than a message is sent in parts.
 */
public final class ReportMessages {
    /** The name of the stream service that takes reports. */
    public static final String SERVICE = "report";

    /** The version of the messages. A reader takes those of its own version and no other. */
    public static final int VERSION = 1;

    static final byte BEAT = 'B';
    /** A report that fits into a message. */
    static final byte WHOLE = 'R';

    static final byte FIRST_PART = 'F';
    static final byte NEXT_PART = 'N';
    static final byte LAST_PART = 'E';
    static final byte LOAD = 'L';
    static final byte GOODBYE = 'G';

    private static final int PART_BYTES = AgentStream.MAXIMUM_MESSAGE - 1;

    private ReportMessages() {}

    /** What a stream is opened with. */
    record Opening(int version, long started) {}

    /**
     * What a stream is opened with.
     *
     * @param started when the agent's process began
     */
    public static byte[] opening(Instant started) {
        return Json.write(new Opening(VERSION, started.toEpochMilli()));
    }

    /**
     * A whole report, to be sent in this order with no other report in between. One that breaks off is made up for by
     * sending the next from its beginning.
     */
    public static List<byte[]> report(AgentReport report) {
        byte[] json = Json.write(ReportWire.of(report));
        if (json.length <= PART_BYTES) {
            return List.of(message(WHOLE, json));
        }
        List<byte[]> messages = new ArrayList<>();
        for (int from = 0; from < json.length; from += PART_BYTES) {
            int to = Math.min(json.length, from + PART_BYTES);
            messages.add(message(kind(from, to, json.length), Arrays.copyOfRange(json, from, to)));
        }
        return messages;
    }

    private static byte kind(int from, int to, int length) {
        if (from == 0) {
            return FIRST_PART;
        }
        return to == length ? LAST_PART : NEXT_PART;
    }

    /** How busy the agent is. */
    public static byte[] load(LoadReport load) {
        return message(LOAD, Json.write(load));
    }

    /** A sign of life. */
    public static byte[] beat() {
        return new byte[] {BEAT};
    }

    /** The agent stops of its own accord. */
    public static byte[] goodbye() {
        return new byte[] {GOODBYE};
    }

    private static byte[] message(byte kind, byte[] content) {
        byte[] message = new byte[1 + content.length];
        message[0] = kind;
        System.arraycopy(content, 0, message, 1, content.length);
        return message;
    }
}
