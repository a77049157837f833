package org.llmfactory.models.text.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters of text. What goes in need not be a string: its printed form counts. */
final class TextFilters {
    private static final Pattern TITLE_WORD = Pattern.compile("[^-\\s({\\[<]+");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TAG = Pattern.compile("<!--.*?-->|<[^>]*>", Pattern.DOTALL);

    private TextFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("trim", (value, given, context) -> StringMethods.strip(Values.text(value), given, true, true));
        filters.put("upper", (value, given, context) -> Values.text(value).toUpperCase(Locale.ROOT));
        filters.put("lower", (value, given, context) -> Values.text(value).toLowerCase(Locale.ROOT));
        filters.put("capitalize", (value, given, context) -> TextCases.capitalize(Values.text(value)));
        filters.put(
                "title",
                (value, given, context) -> TITLE_WORD
                        .matcher(Values.text(value))
                        .replaceAll(word -> Matcher.quoteReplacement(TextCases.capitalize(word.group()))));
        filters.put("replace", (value, given, context) -> {
            Arguments.Bound bound = given.bind("replace", "old", "new", "count");
            return StringMethods.replace(
                    Values.text(value),
                    Values.text(bound.required(0)),
                    Values.text(bound.required(1)),
                    bound.whole(2, -1),
                    context.budget());
        });
        filters.put("indent", TextFilters::indent);
        filters.put(
                "center",
                (value, given, context) -> StringMethods.call(
                        Values.text(value),
                        "center",
                        new Arguments(List.of(given.bind("center", "width").whole(0, 80)), Map.of()),
                        context));
        filters.put(
                "format",
                (value, given, context) -> PercentFormat.format(
                        Values.text(value),
                        given.named().isEmpty() ? new Tuple(given.positional()) : given.named(),
                        context.budget()));
        filters.put("truncate", TextFilters::truncate);
        filters.put(
                "wordcount",
                (value, given, context) ->
                        WORD.matcher(Values.text(value)).results().count());
        filters.put(
                "urlencode",
                (value, given, context) -> URLEncoder.encode(Values.text(value), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/")
                        .replace("%7E", "~"));
        filters.put(
                "striptags",
                (value, given, context) -> String.join(
                        " ",
                        TAG.matcher(Values.text(value)).replaceAll("").strip().split("\\s+")));
        Filters.Filter escape = (value, given, context) -> escape(Values.text(value));
        filters.put("escape", escape);
        filters.put("e", escape);
        filters.put("forceescape", escape);
        filters.put("safe", (value, given, context) -> Values.text(value));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Object indent(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("indent", "width", "first", "blank");
        Object width = bound.optional(0, 4L);
        String margin = width instanceof String text
                ? text
                : " ".repeat((int) Math.max(0, Math.min(1000, Values.requireWhole(width, "indent"))));
        List<Object> lines = TextParts.lines(Values.text(value) + "\n", false);
        context.budget().characters((long) margin.length() * lines.size());
        StringJoiner text = new StringJoiner("\n");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indented = i == 0 ? bound.flag(1, false) : bound.flag(2, false) || !line.isEmpty();
            text.add(indented ? margin + line : line);
        }
        return text.toString();
    }

    private static Object truncate(Object value, Arguments given, Context context) {
        Arguments.Bound bound = given.bind("truncate", "length", "killwords", "end", "leeway");
        String text = Values.text(value);
        String end = bound.text(2, "...");
        long length = bound.whole(0, 255);
        if (CodePoints.count(text) <= length + bound.whole(3, 5)) {
            return text;
        }
        long kept = length - CodePoints.count(end);
        if (kept < 0) {
            throw new TemplateException("truncate needs a length of at least that of the end");
        }
        String cut = text.substring(0, CodePoints.offset(text, kept));
        int space = cut.lastIndexOf(' ');
        return (bound.flag(1, false) || space < 0 ? cut : cut.substring(0, space)) + end;
    }
}
