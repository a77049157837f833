package org.llmfactory.finetuning.job;

import java.util.Locale;

/** Where a job is, in OpenAI's words. */
public enum Status {
    VALIDATING_FILES,
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** As it stands on the wire and in the table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isEnd() {
        return compareTo(SUCCEEDED) >= 0;
    }

    /** The one that stands there. */
    public static Status of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
