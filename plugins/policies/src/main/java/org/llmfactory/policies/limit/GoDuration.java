package org.llmfactory.policies.limit;

/** Durations as Go prints them and OpenAI's clients know them: {@code 12ms}, {@code 1.5s}, {@code 6m0s}. */
final class GoDuration {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private GoDuration() {}

    /** Rounded up to whole milliseconds. */
    static String ofNanos(long nanos) {
        long millis = Math.max(0, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        if (millis == 0) {
            return "0s";
        }
        if (millis < 1000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        String seconds = seconds(millis % 60_000);
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String seconds(long millis) {
        if (millis % 1000 == 0) {
            return millis / 1000 + "s";
        }
        String fraction = String.format("%03d", millis % 1000).replaceAll("0+$", "");
        return millis / 1000 + "." + fraction + "s";
    }
}
