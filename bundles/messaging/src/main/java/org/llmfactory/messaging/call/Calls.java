package org.llmfactory.messaging.call;

import java.time.Duration;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.envelope.Envelopes;
import org.llmfactory.messaging.envelope.Message;

/** What a call must be before it is sent, and what is said when nothing comes of it. */
final class Calls {
    private static final int MAXIMUM_ACTION = 64;

    private Calls() {}

    static void check(AgentAddress self, AgentAddress to, String action, byte[] body, Duration deadline) {
        if (deadline.compareTo(Duration.ofMillis(1)) < 0 || deadline.compareTo(Envelopes.MAXIMUM_LIFE) > 0) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE, "A call has between a millisecond and an hour, not " + deadline + ".");
        }
        if (action.isEmpty() || action.length() > MAXIMUM_ACTION) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE, "An action's name has 1 to " + MAXIMUM_ACTION + " characters.");
        }
        if (body.length > Message.MAXIMUM_BODY) {
            throw new FactoryException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The arguments of " + action + " have " + body.length + " bytes; a call has at most "
                            + Message.MAXIMUM_BODY + ". Send more as a file or a stream.");
        }
        if (!self.mayReach(to)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, self + " may not reach " + to + ".");
        }
    }

    static FactoryException late(PendingCall call) {
        return new FactoryException(
                ErrorCode.DEADLINE_EXCEEDED,
                "The agent " + call.to() + " did not answer the call " + call.action()
                        + " in time; it may have been performed.");
    }
}
