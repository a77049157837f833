package org.llmfactory.ledger.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.ws.rs.core.MultivaluedMap;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Reads a query string. A list may be written {@code names[]=a&names[]=b}, as OpenAI's clients do, or without the
 * brackets, as its specification does.
 */
final class Parameters {
    /** Values of one list, so that a statement stays of a sane size. */
    private static final int LONGEST_LIST = 500;

    private final MultivaluedMap<String, String> query;

    Parameters(MultivaluedMap<String, String> query) {
        this.query = query;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(query.getFirst(name)).filter(value -> !value.isEmpty());
    }

    List<String> list(String name) {
        List<String> values = new ArrayList<>(query.getOrDefault(name + "[]", List.of()));
        values.addAll(query.getOrDefault(name, List.of()));
        values.removeIf(String::isEmpty);
        if (values.size() > LONGEST_LIST) {
            throw invalid(name, "at most " + LONGEST_LIST + " values");
        }
        return values;
    }

    OptionalLong number(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value.get()));
        } catch (NumberFormatException failure) {
            throw invalid(name, "a whole number");
        }
    }

    /** Unix seconds, at most as many as can be told in milliseconds with room to spare. */
    OptionalLong time(String name) {
        OptionalLong value = number(name);
        if (value.isPresent() && (value.getAsLong() < 0 || value.getAsLong() > Long.MAX_VALUE / 100_000)) {
            throw invalid(name, "Unix seconds");
        }
        return value;
    }

    /** A number brought between 1 and a maximum. */
    int limit(int byDefault, int maximum) {
        OptionalLong value = number("limit");
        return value.isPresent() ? (int) Math.max(1, Math.min(maximum, value.getAsLong())) : byDefault;
    }

    boolean flag(String name) {
        return switch (text(name).orElse("false")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid(name, "'true' or 'false'");
        };
    }

    static FactoryException invalid(String name, String expected) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, name, "Invalid '" + name + "': expected " + expected + ".");
    }
}
