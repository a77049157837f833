package org.llmfactory.policies.content;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.llmfactory.rest.JsonFields;

/** Reads what a policy is to say, strictly: every refusal names the field. */
final class DefinitionReader {
    static final int DEFAULT_WINDOW = 256;
    static final int MINIMUM_WINDOW = 128;
    static final int MAXIMUM_WINDOW = 4096;
    static final int MAXIMUM_RULES = 100;
    static final int MAXIMUM_WORDS = 10_000;
    static final int MAXIMUM_PATTERN = 1000;

    private static final int MAXIMUM_TEXT = 500;
    private static final int MAXIMUM_TOTAL_SIZE = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private DefinitionReader() {}

    /** The definition in an object's fields {@code rules}, {@code window} and {@code classifier}. */
    static PolicyDefinition read(JsonFields fields) {
        List<Rule> rules = rules(fields);
        Optional<ClassifierRule> classifier = fields.object("classifier").map(DefinitionReader::classifier);
        if (rules.isEmpty() && classifier.isEmpty()) {
            throw fields.missing("rules");
        }
        int window = fields.integer("window", MINIMUM_WINDOW, MAXIMUM_WINDOW).orElse(DEFAULT_WINDOW);
        return new PolicyDefinition(rules, window, classifier);
    }

    /** A name of a policy, rule or classifier. */
    static String name(JsonFields fields, String field) {
        String name = fields.requiredString(field);
        if (!NAME.matcher(name).matches()) {
            throw fields.invalid(
                    field, "expected 1 to 64 lower-case letters, digits and . _ -, the first of them no sign");
        }
        return name;
    }

    private static List<Rule> rules(JsonFields fields) {
        List<Rule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long size = 0;
        for (JsonFields each : fields.objects("rules", MAXIMUM_RULES)) {
            Rule rule = rule(each);
            if (!names.add(rule.name())) {
                throw each.invalid("name", "another rule has this name");
            }
            size += rule.pattern().map(PatternSize::of).orElse(0L);
            if (size > MAXIMUM_TOTAL_SIZE) {
                throw each.invalid("pattern", "the patterns are too large in all; make them simpler or fewer");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static Rule rule(JsonFields fields) {
        String name = name(fields, "name");
        Direction on = choice(fields, "on", Direction.BOTH);
        Optional<String> pattern = fields.string("pattern");
        List<String> words = words(fields);
        if (pattern.isPresent() == !words.isEmpty()) {
            throw fields.invalid("pattern", "a rule has either 'pattern' or 'words'");
        }
        pattern.ifPresent(expression -> checkPattern(fields, expression));
        if (!fields.has("action")) {
            throw fields.missing("action");
        }
        RuleAction action = choice(fields, "action", RuleAction.BLOCK);
        if (action == RuleAction.REDACT && on != Direction.OUTPUT) {
            throw fields.invalid(
                    "action", "'redact' is for 'on': 'output' only; what a caller wrote is blocked or flagged");
        }
        return new Rule(name, on, pattern, words, action, message(fields));
    }

    private static void checkPattern(JsonFields fields, String expression) {
        if (expression.isEmpty() || expression.length() > MAXIMUM_PATTERN) {
            throw fields.invalid("pattern", "expected 1 to " + MAXIMUM_PATTERN + " characters");
        }
        try {
            PatternFinder.of(expression);
        } catch (IllegalArgumentException failure) {
            throw fields.invalid("pattern", String.valueOf(failure.getMessage()));
        }
    }

    private static List<String> words(JsonFields fields) {
        List<String> words = fields.strings("words", MAXIMUM_WORDS);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean fits =
                    !word.isEmpty() && word.length() <= WordFinder.MAXIMUM_LENGTH && WordFinder.isPart(word.charAt(0));
            if (!fits) {
                throw JsonFields.invalidAt(
                        fields.path("words") + "[" + i + "]",
                        "expected 1 to " + WordFinder.MAXIMUM_LENGTH + " characters, the first a letter or digit");
            }
        }
        return words;
    }

    private static Optional<String> message(JsonFields fields) {
        Optional<String> message = fields.string("message");
        if (message.filter(text -> text.length() > MAXIMUM_TEXT).isPresent()) {
            throw fields.invalid("message", "expected at most " + MAXIMUM_TEXT + " characters");
        }
        return message;
    }

    private static ClassifierRule classifier(JsonFields fields) {
        String label = fields.requiredString("label");
        if (label.isEmpty() || label.length() > MAXIMUM_TEXT) {
            throw fields.invalid("label", "expected 1 to " + MAXIMUM_TEXT + " characters");
        }
        RuleAction action = choice(fields, "action", RuleAction.BLOCK);
        if (action == RuleAction.REDACT) {
            throw fields.invalid("action", "a classifier can 'block' or 'flag'");
        }
        String whenMissing = fields.string("on_missing").orElse("block");
        if (!List.of("block", "allow").contains(whenMissing)) {
            throw fields.invalid("on_missing", "expected 'block' or 'allow'");
        }
        return new ClassifierRule(
                name(fields, "name"),
                label,
                fields.number("threshold", 0, 1).orElse(0.5),
                choice(fields, "on", Direction.BOTH),
                action,
                whenMissing.equals("block"));
    }

    private static <E extends Enum<E>> E choice(JsonFields fields, String field, E byDefault) {
        Optional<JsonNode> node = fields.node(field);
        if (node.isEmpty()) {
            return byDefault;
        }
        String text = fields.requiredString(field);
        List<E> values = Arrays.asList(byDefault.getDeclaringClass().getEnumConstants());
        return values.stream()
                .filter(value -> lower(value).equals(text))
                .findFirst()
                .orElseThrow(() -> fields.invalid(
                        field,
                        "expected one of "
                                + values.stream().map(DefinitionReader::lower).toList()));
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
