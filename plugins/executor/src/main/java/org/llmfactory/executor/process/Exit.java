package org.llmfactory.executor.process;

/**
 * How a process ended.
 *
 * @param code its exit status; 128 and the signal's number when a signal ended it; -1 when it is unknown
 * @param reason why it was ended; empty when it ended by itself
 */
public record Exit(int code, String reason) {
    /** Whether all went well. */
    public boolean isSuccess() {
        return code == 0 && reason.isEmpty();
    }
}
