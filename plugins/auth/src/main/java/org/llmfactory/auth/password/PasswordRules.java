package org.llmfactory.auth.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** What a password may be: long enough, and none of those that everyone tries first. */
final class PasswordRules {
    /** Characters at most: more than anyone types, and little enough to hash. */
    static final int LONGEST = 256;

    private final int shortest;
    private final Set<String> refused = read("refused-passwords.txt");

    PasswordRules(int shortest) {
        this.shortest = shortest;
    }

    int shortest() {
        return shortest;
    }

    /** The same password however the keyboard composes its characters. */
    static String normalised(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /**
     * Checks a password that somebody wishes to have.
     *
     * @param email his address, which is no password; empty when unknown
     * @throws FactoryException {@code INVALID_VALUE} with the reason
     */
    void check(String password, String email) {
        int length = password.codePointCount(0, password.length());
        if (length < shortest) {
            throw invalid("it must have " + shortest + " characters or more");
        }
        if (length > LONGEST) {
            throw invalid("it must have " + LONGEST + " characters or fewer");
        }
        String folded = password.toLowerCase(Locale.ROOT);
        if (isAddress(folded, email.toLowerCase(Locale.ROOT))) {
            throw invalid("it must not be your address");
        }
        if (folded.chars().distinct().count() < 4 || refused.contains(folded) || refused.contains(stripped(folded))) {
            throw invalid("too many people use it, so it is tried first; choose another");
        }
    }

    private static boolean isAddress(String password, String email) {
        int at = email.indexOf('@');
        return at > 0 && (password.contains(email) || stripped(password).equals(email.substring(0, at)));
    }

    /** Without the digits and signs that people append to be let through. */
    private static String stripped(String password) {
        return password.replaceAll("[^\\p{L}]+$", "").replaceAll("^[^\\p{L}]+", "");
    }

    private static FactoryException invalid(String reason) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, "password", "This password cannot be taken: " + reason + ".");
    }

    private static Set<String> read(String resource) {
        try (InputStream in = Objects.requireNonNull(PasswordRules.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
