package org.llmfactory.evaluation.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * OpenAI's templates: {@code {{item.question}}} and {@code {{sample.output_text}}} are replaced by what stands there, with
 * {@code choices[0]} or {@code choices.0} for an element of an array. Strings are put in as they are, everything else as
 * JSON. What is put in is no template itself.
 *
 * @param text with the names
 */
public record Template(String text) {
    private static final Pattern NAME = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");
    private static final Pattern PATH = Pattern.compile("(item|sample)(\\.[A-Za-z0-9_-]+|\\[\\d{1,9}])*");

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException for one that cannot be
     */
    public Template {
        Matcher names = NAME.matcher(text);
        while (names.find()) {
            if (!PATH.matcher(names.group(1)).matches()) {
                throw new IllegalArgumentException(
                        "'{{" + names.group(1) + "}}' is not understood; names begin with 'item.' or 'sample.'");
            }
        }
    }

    /**
     * The text for one item.
     *
     * @throws FactoryException {@code INVALID_VALUE} when it has no field of a name
     */
    public String render(ObjectNode item, ObjectNode sample) {
        return NAME.matcher(text)
                .replaceAll(name -> Matcher.quoteReplacement(string(find(name.group(1), item, sample))));
    }

    /**
     * What a name stands for, for example {@code item.messages}.
     *
     * @throws FactoryException {@code INVALID_VALUE} when there is no such field
     */
    public static JsonNode find(String path, ObjectNode item, ObjectNode sample) {
        String[] steps = path.replace("[", ".").replace("]", "").split("\\.", -1);
        JsonNode found = steps[0].equals("item") ? item : sample;
        for (int i = 1; i < steps.length; i++) {
            found = found.isArray() && steps[i].matches("\\d{1,9}")
                    ? found.path(Integer.parseInt(steps[i]))
                    : found.path(steps[i]);
        }
        if (found.isMissingNode()) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The row has no '" + path + "'.");
        }
        return found;
    }

    /** Whether it is the name of something, without braces. */
    public static boolean isPath(String path) {
        return PATH.matcher(path).matches();
    }

    private static String string(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
