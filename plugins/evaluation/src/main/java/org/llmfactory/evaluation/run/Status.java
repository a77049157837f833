package org.llmfactory.evaluation.run;

import java.util.Locale;

/** Where a run is, in OpenAI's words. */
public enum Status {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    CANCELED,
    FAILED;

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing more happens. */
    public boolean isEnd() {
        return compareTo(COMPLETED) >= 0;
    }

    /** The one that stands there. */
    public static Status of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
