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
    static final byte PART = 'P';
    static final byte LAST_PART = 'R';
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

    /** A whole report, to be sent in this order with none of the others in between. */
    public static List<byte[]> report(AgentReport report) {
        byte[] json = Json.write(ReportWire.of(report));
        List<byte[]> messages = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(json.length, from + PART_BYTES);
            messages.add(message(to == json.length ? LAST_PART : PART, Arrays.copyOfRange(json, from, to)));
            from = to;
        } while (from < json.length);
        return messages;
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
