package org.llmfactory.enrollment.action;

import java.util.List;
import org.llmfactory.api.network.Meaning;

/**
 * A region's controller tells those above it what its authority has revoked: arguments of {@link #ACTION}.
 *
 * @param serials of certificates that have not ended yet
 */
public record RevocationReport(
        @Meaning("serial numbers of certificates that the caller's region has revoked, lower-case hex")
        List<String> serials) {
    /** The action of controllers that takes it. */
    public static final String ACTION = "revocation.report";

    public RevocationReport {
        serials = List.copyOf(serials);
    }

    /**
     * That it was heard.
     *
     * @param taken how many were news
     */
    public record Noted(
            @Meaning("how many of them were not known before")
            int taken) {}
}
