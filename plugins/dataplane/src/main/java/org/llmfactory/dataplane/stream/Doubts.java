package org.llmfactory.dataplane.stream;

import java.time.Duration;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.dataplane.frame.Direction;

/**
 * Asks other agents over the control plane whether they really do not know a stream: whoever said so on the lane may be
 * anyone.
 */
final class Doubts {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ControlPlane controlPlane;

    Doubts(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    void raise(SealedStream stream) {
        boolean opener = stream.key().direction() == Direction.FROM_ACCEPTOR;
        KnownArguments arguments = new KnownArguments(stream.key().stream().bytes(), opener);
        var unused = controlPlane
                .call(stream.peer(), KnownAction.NAME, arguments, KnownResult.class, DEADLINE)
                .whenComplete((answer, failure) -> {
                    // Without an answer the stream's own time limit decides.
                    if (answer != null && !answer.known()) {
                        stream.deny();
                    }
                });
    }
}
