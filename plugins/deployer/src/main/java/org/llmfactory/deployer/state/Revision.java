package org.llmfactory.deployer.state;

import java.time.Instant;
import java.util.List;

/**
 * A revision of a deployment.
 *
 * @param deployment whose it is
 * @param number 1 and up
 * @param document the description, in JSON
 * @param pins the jars
 * @param outcome what came of it
 * @param reason why it failed, or why there is this one
 * @param copiedFrom the revision whose content this one brings back; 0 when it was written
 * @param automatic whether nobody asked for it
 * @param author who did
 * @param created when
 */
public record Revision(
        String deployment,
        int number,
        String document,
        List<Pin> pins,
        Outcome outcome,
        String reason,
        int copiedFrom,
        boolean automatic,
        String author,
        Instant created) {
    /** What came of a revision. */
    public enum Outcome {
        /** It is being rolled out. */
        ROLLING,
        /** It ran everywhere where it was to run. */
        DEPLOYED,
        /** It failed on an agent. */
        FAILED,
        /** Another one came before it was rolled out. */
        SUPERSEDED
    }

    public Revision {
        pins = List.copyOf(pins);
    }

    /** Whether another revision says the same. */
    public boolean hasContentOf(Revision other) {
        return document.equals(other.document) && pins.equals(other.pins);
    }
}
