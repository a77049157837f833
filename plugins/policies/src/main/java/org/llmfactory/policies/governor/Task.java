package org.llmfactory.policies.governor;

import java.util.Objects;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;

/**
 * A piece of work and whose it is.
 *
 * @param keepsText whether the project's settings say that prompts and answers are kept
 * @param reserved tokens it may use at most, input and output together
 */
record Task(Caller caller, Work work, boolean keepsText, long reserved) {
    Task {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(work, "work");
    }
}
