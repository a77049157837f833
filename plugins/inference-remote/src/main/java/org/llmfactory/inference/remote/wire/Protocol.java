package org.llmfactory.inference.remote.wire;

/**
 * What both halves agree on. A stream carries one generation. The controller's first word is {@link #VERSION} and a request,
 * or as much of it as the first word holds; the rest follows in messages that begin with {@link #MORE}. The node answers
 * with messages of any number of events, see {@link EventWriter}, the last of which is an end.
 */
public final class Protocol {
    /** The stream service. */
    public static final String SERVICE = "inference";

    /** Raised whenever one half would not understand the other any more. */
    public static final int VERSION = 1;

    /** Bytes of the first word and of each message at most. */
    public static final int CHUNK = 32 * 1024;

    /** A longer request is none. */
    static final int LARGEST_REQUEST = 16 << 20;

    /** A message of the controller's: more of the request. */
    static final byte MORE = 1;

    /** A message of the controller's: nobody waits for the answer any more. */
    static final byte CANCEL = 2;

    static final byte TOKEN = 1;
    static final byte RATED_TOKEN = 2;
    static final byte PROMPT_TOKEN = 3;
    static final byte PROMPT_END = 4;
    static final byte FINISH = 5;
    static final byte ERROR = 6;

    private Protocol() {}

    /** The message that says that nobody waits any more. */
    public static byte[] cancellation() {
        return new byte[] {CANCEL};
    }

    /** Whether a message says so. */
    public static boolean isCancellation(byte[] message) {
        return message.length == 1 && message[0] == CANCEL;
    }
}
