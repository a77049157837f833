package org.llmfactory.ledger.usage;

import java.util.Optional;
import java.util.stream.Stream;

/** Widths of the buckets that use is summed in. */
public enum Width {
    MINUTE("1m", 1, 60, 1440),
    HOUR("1h", 60, 24, 168),
    DAY("1d", 1440, 7, 31);

    private final String code;
    private final int minutes;
    private final int defaultLimit;
    private final int maximumLimit;

    Width(String code, int minutes, int defaultLimit, int maximumLimit) {
        this.code = code;
        this.minutes = minutes;
        this.defaultLimit = defaultLimit;
        this.maximumLimit = maximumLimit;
    }

    /** The width that OpenAI writes so. */
    public static Optional<Width> of(String code) {
        return Stream.of(values()).filter(width -> width.code.equals(code)).findAny();
    }

    public int minutes() {
        return minutes;
    }

    /** Buckets on a page when nothing else is asked for. */
    public int defaultLimit() {
        return defaultLimit;
    }

    /** Buckets on a page at most. */
    public int maximumLimit() {
        return maximumLimit;
    }
}
