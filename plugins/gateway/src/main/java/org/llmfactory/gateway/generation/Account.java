package org.llmfactory.gateway.generation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.gateway.http.ServerTiming;

/** What one request was admitted for and what becomes of it: settled once, measured, and closed. */
final class Account implements AutoCloseable {
    private final Admission admission;
    private final GatewayMetrics.Request measured;
    private final Runnable onClose;
    private boolean settled;
    private boolean failed;

    /** @param onClose called once, whatever happens */
    Account(Admission admission, GatewayMetrics.Request measured, Runnable onClose) {
        this.admission = admission;
        this.measured = measured;
        this.onClose = onClose;
    }

    /** A screen for one answer. */
    OutputScreen screen() {
        return admission.screen();
    }

    /** Headers of the answer: limits, and how long the checks took so far. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(admission.headers());
        headers.put(ServerTiming.HEADER, ServerTiming.of(admission.timings()));
        return headers;
    }

    boolean isSettled() {
        return settled;
    }

    /**
     * Settles what an answer cost that is complete; when this returns, the entry is durable.
     *
     * @throws FactoryException when it cannot be entered: then the answer must not be told as complete
     */
    void complete(TokenUsage usage, boolean blocked, List<String> texts) {
        settle(usage, blocked ? Outcome.BLOCKED : Outcome.COMPLETED, texts);
        if (blocked) {
            measured.blocked();
        } else {
            measured.succeeded(usage);
        }
    }

    /** Settles what an answer cost so far that will not be complete. */
    void breakOff(TokenUsage usage, boolean broken, List<String> texts) {
        settle(usage, failed || broken ? Outcome.FAILED : Outcome.CANCELLED, texts);
    }

    private void settle(TokenUsage usage, Outcome outcome, List<String> texts) {
        settled = true;
        measured.used(usage);
        admission.settle(usage.entry(), outcome, texts);
    }

    /** The request failed; gives the failure back, to be thrown. */
    FactoryException failed(FactoryException failure) {
        failed = true;
        measured.failed(failure.code());
        return failure;
    }

    @Override
    public void close() {
        measured.abandoned();
        try {
            admission.close();
        } finally {
            onClose.run();
        }
    }
}
