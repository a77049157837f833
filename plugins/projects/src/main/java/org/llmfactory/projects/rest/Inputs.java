package org.llmfactory.projects.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmfactory.rest.JsonFields;

/** Fields that several requests have, read strictly. Refusals as {@link JsonFields}. */
public final class Inputs {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_EMAIL = 254;

    private Inputs() {}

    /** A name that must be there. */
    public static String name(JsonFields fields, String field) {
        return checkedName(fields, field, fields.requiredString(field));
    }

    public static Optional<String> optionalName(JsonFields fields, String field) {
        return fields.string(field).map(name -> checkedName(fields, field, name));
    }

    private static String checkedName(JsonFields fields, String field, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw fields.invalid(field, "expected 1 to " + LONGEST_NAME + " characters");
        }
        if (!printable(name)) {
            throw fields.invalid(field, "control characters are not taken");
        }
        return name;
    }

    /** An e-mail address, in lower case. */
    public static String email(JsonFields fields, String field) {
        String email = fields.requiredString(field).strip().toLowerCase(Locale.ROOT);
        int at = email.indexOf('@');
        boolean plausible = at > 0 && at == email.lastIndexOf('@') && at < email.length() - 1;
        if (!plausible || email.length() > LONGEST_EMAIL || email.contains(" ") || !printable(email)) {
            throw fields.invalid(field, "expected an e-mail address");
        }
        return email;
    }

    /** No control character and no half of a character. */
    private static boolean printable(String text) {
        return text.codePoints()
                .noneMatch(point -> Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE);
    }

    /** One of an enum's constants, by its lower-case name, that must be there. */
    public static <E extends Enum<E>> E word(JsonFields fields, String field, Class<E> type) {
        return optionalWord(fields, field, type).orElseThrow(() -> fields.missing(field));
    }

    public static <E extends Enum<E>> Optional<E> optionalWord(JsonFields fields, String field, Class<E> type) {
        return fields.string(field)
                .map(text -> constants(type)
                        .filter(constant -> word(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> fields.invalid(field, "expected one of " + words(type))));
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        return constants(type).map(constant -> "'" + word(constant) + "'").collect(Collectors.joining(", "));
    }

    private static <E extends Enum<E>> Stream<E> constants(Class<E> type) {
        return Stream.of(type.getEnumConstants());
    }

    /** An enum constant as the wire has it. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
