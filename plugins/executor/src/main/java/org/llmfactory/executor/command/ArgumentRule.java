package org.llmfactory.executor.command;

import com.google.re2j.Pattern;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Which arguments a caller may add to a command's own.
 *
 * @param patterns regular expressions, of which each argument must match one from its first to its last character
 * @param maximum how many there may be
 */
public record ArgumentRule(List<Pattern> patterns, int maximum) {
    private static final int LONGEST = 4_096;

    public ArgumentRule {
        patterns = List.copyOf(patterns);
    }

    /** @throws FactoryException {@code INVALID_VALUE} for arguments that are not allowed */
    void check(String command, List<String> arguments) {
        if (arguments.size() > maximum) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "arguments",
                    "The command " + command + " takes at most " + maximum + " arguments.");
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (!isAllowed(arguments.get(i))) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "arguments[" + i + "]",
                        "The command " + command + " does not take argument " + (i + 1)
                                + ". 'process.commands' says which ones it takes.");
            }
        }
    }

    private boolean isAllowed(String argument) {
        return argument.length() <= LONGEST
                && argument.indexOf('\0') < 0
                && patterns.stream().anyMatch(pattern -> pattern.matches(argument));
    }
}
