package org.llmfactory.files.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.JsonFields;

/** What requests say of files, read strictly. */
final class Inputs {
    private static final List<String> PURPOSES =
            List.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");
    private static final long SHORTEST = 3600;
    private static final long LONGEST = 2_592_000;
    private static final int LONGEST_NAME = 255;

    private Inputs() {}

    static String purpose(@Nullable String purpose) {
        if (purpose == null || purpose.isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.MISSING_PARAMETER, "purpose", "Missing required parameter: 'purpose'.");
        }
        if (!PURPOSES.contains(purpose)) {
            throw JsonFields.invalidAt("purpose", "expected one of " + String.join(", ", PURPOSES));
        }
        return purpose;
    }

    /** A name without a path, of printable characters. */
    static String filename(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String clean = base.replaceAll("[\\p{Cntrl}\\p{Cs}\"]", "").strip();
        return clean.isEmpty() ? "file" : clean.substring(0, Math.min(LONGEST_NAME, clean.length()));
    }

    /** From the fields {@code expires_after[anchor]} and {@code expires_after[seconds]} of a form. */
    static Optional<Duration> lifetime(Map<String, String> form) {
        String anchor = form.get("expires_after[anchor]");
        String seconds = form.get("expires_after[seconds]");
        if (anchor == null && seconds == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(lifetime(anchor, Long.parseLong(String.valueOf(seconds))));
        } catch (NumberFormatException e) {
            throw JsonFields.invalidAt("expires_after[seconds]", "expected a whole number");
        }
    }

    static Optional<Duration> lifetime(JsonFields body) {
        return body.object("expires_after")
                .map(after -> lifetime(
                        after.requiredString("anchor"),
                        after.longInteger("seconds", SHORTEST, LONGEST).orElseThrow(() -> after.missing("seconds"))));
    }

    private static Duration lifetime(@Nullable String anchor, long seconds) {
        if (!"created_at".equals(anchor)) {
            throw JsonFields.invalidAt("expires_after.anchor", "expected 'created_at'");
        }
        if (seconds < SHORTEST || seconds > LONGEST) {
            throw JsonFields.invalidAt(
                    "expires_after.seconds", "expected an integer from " + SHORTEST + " to " + LONGEST);
        }
        return Duration.ofSeconds(seconds);
    }
}
