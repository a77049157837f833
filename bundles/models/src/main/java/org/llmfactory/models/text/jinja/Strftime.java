package org.llmfactory.models.text.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Dates as C's {@code strftime} writes them, in English. */
final class Strftime {
    private Strftime() {}

    static String format(String format, Clock clock) {
        ZonedDateTime now = ZonedDateTime.now(clock);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char directive = format.charAt(++i);
            if (directive == '-' && i + 1 < format.length()) {
                text.append(directive(format.charAt(++i), now).replaceFirst("^[0 ](?=.)", ""));
            } else {
                text.append(directive(directive, now));
            }
        }
        return text.toString();
    }

    private static String directive(char directive, ZonedDateTime now) {
        return switch (directive) {
            case 'Y' -> of(now, "yyyy");
            case 'y' -> of(now, "yy");
            case 'm' -> of(now, "MM");
            case 'd' -> of(now, "dd");
            case 'e' -> String.format("%2d", now.getDayOfMonth());
            case 'b', 'h' -> of(now, "MMM");
            case 'B' -> of(now, "MMMM");
            case 'a' -> of(now, "EEE");
            case 'A' -> of(now, "EEEE");
            case 'H' -> of(now, "HH");
            case 'I' -> of(now, "hh");
            case 'M' -> of(now, "mm");
            case 'S' -> of(now, "ss");
            case 'f' -> of(now, "SSSSSS");
            case 'p' -> of(now, "a");
            case 'j' -> of(now, "DDD");
            case 'u' -> String.valueOf(now.get(ChronoField.DAY_OF_WEEK));
            case 'w' -> String.valueOf(now.get(ChronoField.DAY_OF_WEEK) % 7);
            case 'F' -> of(now, "yyyy-MM-dd");
            case 'T', 'X' -> of(now, "HH:mm:ss");
            case 'R' -> of(now, "HH:mm");
            case 'D', 'x' -> of(now, "MM/dd/yy");
            case 'c' -> of(now, "EEE MMM ") + String.format("%2d", now.getDayOfMonth()) + of(now, " HH:mm:ss yyyy");
            case 's' -> String.valueOf(now.toEpochSecond());
            case 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + directive;
        };
    }

    private static String of(ZonedDateTime now, String pattern) {
        return now.format(DateTimeFormatter.ofPattern(pattern, Locale.US));
    }
}
