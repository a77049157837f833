package org.llmfactory.executor.stream;

import org.llmfactory.api.network.AgentStream;

/** A message of the stream: one byte that says what it is, then the rest. */
enum ProcessFrame {
    /** From the opener: input. The end of input is the end of his direction. */
    INPUT(0),
    /** Output. */
    OUTPUT(1),
    /** Error output. */
    ERRORS(2),
    /** The last: {@code {"code": 0, "reason": ""}}. */
    EXIT(3);

    /** Bytes beside the first that fit. */
    static final int CONTENT = AgentStream.MAXIMUM_MESSAGE - 1;

    private final byte code;

    ProcessFrame(int code) {
        this.code = (byte) code;
    }

    byte[] with(byte[] content, int length) {
        byte[] message = new byte[length + 1];
        message[0] = code;
        System.arraycopy(content, 0, message, 1, length);
        return message;
    }

    boolean is(byte[] message) {
        return message.length > 0 && message[0] == code;
    }
}
