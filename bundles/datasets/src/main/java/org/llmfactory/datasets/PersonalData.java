package org.llmfactory.datasets;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kinds of personal data that can be told by how they are written. This finds what has a form: it does not know names,
 * addresses in words or what is told in a sentence, and some of what it finds is none. So it helps to find accidents, and
 * proves of no file that it is anonymous.
 */
public enum PersonalData {
    EMAIL("(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}"),
    PHONE("(?<![\\w.+/-])(?:\\+[1-9]|00[1-9]|0[1-9]|\\([0-9]{3}\\)|[2-9][0-9]{2}[-. ][0-9]{3})"
            + "(?:[ ./()-]{0,2}[0-9]){4,13}(?![\\w])"),
    DATE_OF_BIRTH("(?i)\\b(?:geb(?:oren|\\.|urtsdatum)?|born|birth ?date|date of birth|d\\.?o\\.?b\\.?|\\*)"
            + "[^0-9\\n]{0,20}(?:[0-3]?[0-9][./-][01]?[0-9][./-](?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[01][0-9]-[0-3][0-9]"
            + "|[01]?[0-9]/[0-3]?[0-9]/[0-9]{4})"),
    IBAN("\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b"),
    CREDIT_CARD("(?<![\\w.])(?:[0-9][ -]?){12,18}[0-9](?![\\w])"),
    US_SSN("(?<![\\w-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\\w-])"),
    MEDICAL_RECORD_NUMBER(
            "(?i)\\b(?:mrn|medical record(?: number| no\\.?)?|patient(?:en)?[- ]?(?:id|nummer|nr\\.?|no\\.?|number)"
                    + "|fallnummer|fall-?nr\\.?|versicherten-?(?:nummer|nr\\.?)|kvnr|krankenversicherungsnummer)"
                    + "[\\s:#=]{1,5}[A-Z]{0,3}[0-9][0-9A-Z-]{3,19}"),
    IP_ADDRESS(
            "(?<![\\w.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?![\\w]|\\.[0-9])"
                    + "|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![\\w:])"),
    URL_WITH_CREDENTIALS("\\b[a-z][a-z0-9+.-]{1,15}://[^\\s/:@]{1,128}:[^\\s/@]{1,128}@[^\\s/]");

    private final Pattern pattern;

    PersonalData(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    /** For reports, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kinds that occur in a text. */
    public static Set<PersonalData> in(String text) {
        Set<PersonalData> found = EnumSet.noneOf(PersonalData.class);
        for (PersonalData kind : values()) {
            Matcher matcher = kind.pattern.matcher(text);
            while (!found.contains(kind) && matcher.find()) {
                if (kind.holds(matcher.group())) {
                    found.add(kind);
                }
            }
        }
        return found;
    }

    /** Whether check digits are right, where there are any. */
    private boolean holds(String value) {
        return switch (this) {
            case IBAN -> isIban(value.replace(" ", ""));
            case CREDIT_CARD -> isLuhn(value.replaceAll("[ -]", ""));
            case EMAIL, PHONE, DATE_OF_BIRTH, US_SSN, MEDICAL_RECORD_NUMBER, IP_ADDRESS, URL_WITH_CREDENTIALS -> true;
        };
    }

    private static boolean isIban(String value) {
        int remainder = 0;
        String moved = value.substring(4) + value.substring(0, 4);
        for (int i = 0; i < moved.length(); i++) {
            int digit = Character.digit(moved.charAt(i), 36);
            remainder = (remainder * (digit > 9 ? 100 : 10) + digit) % 97;
        }
        return remainder == 1;
    }

    private static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0 && sum > 0;
    }
}
