package org.llmfactory.models.internal;

import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** The one way a fault of a file is told: {@code <file name>: <fault>}. */
public final class Faults {
    private static final int LONGEST_QUOTE = 120;

    private Faults() {}

    /** A damaged, hostile or unsupported file. */
    public static FactoryException invalid(String file, String fault) {
        return invalid(file, fault, null);
    }

    /** A damaged, hostile or unsupported file. */
    public static FactoryException invalid(String file, String fault, @Nullable Throwable cause) {
        return new FactoryException(ErrorCode.INVALID_FILE, file + ": " + fault, cause);
    }

    /** Text out of a foreign file, safe to show: short, on one line, without control characters. */
    public static String quote(String text) {
        String shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return "'" + shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + "'";
    }
}
