package org.llmfactory.api.governance;

import java.util.List;
import java.util.Map;
import org.llmfactory.api.ledger.Usage;
import org.osgi.annotation.versioning.ProviderType;

/** A piece of work that was let in. Confined to the thread that answers the request. */
@ProviderType
public interface Admission extends AutoCloseable {
    /** {@code x-ratelimit-…} headers of the answer; none where nothing is limited. */
    Map<String, String> headers();

    /** A screen for the text of one answer; one that lets everything pass where there is no policy for output. */
    OutputScreen screen();

    /**
     * Settles what was reserved and enters the work in the ledger. Once it has returned, the entry survives the process;
     * so it is called before the end of the answer is sent. The first call counts.
     *
     * @param usage what was really used, of cancelled work too
     * @param outcome how it ended
     * @param output the texts of the answers, kept only where the project's settings say so
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when the ledger cannot be written: then the
     *     request fails
     * @throws IllegalStateException for more tokens than the work was let in for; they are entered and counted all the same
     */
    void settle(Usage usage, Outcome outcome, List<String> output);

    /** How long the checks took so far, by their names ({@code policy}, {@code limit}, {@code audit}), in milliseconds. */
    Map<String, Double> timings();

    /** Gives up the place among the concurrent requests; work that was not settled is settled as failed, with no usage. */
    @Override
    void close();
}
