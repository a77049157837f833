package org.llmfactory.models.text.jinja;

import java.time.Clock;
import java.util.Map;

/** A template, ready to render. Immutable; safe for use by several threads. */
public final class Template {
    private static final int LARGEST_SOURCE = 1 << 20;

    private final Statement body;

    private Template(Statement body) {
        this.body = body;
    }

    /**
     * Reads a template with {@code trim_blocks} and {@code lstrip_blocks}, as Hugging Face does.
     *
     * @throws TemplateException when it is malformed, with the line
     */
    public static Template parse(String source) {
        if (source.length() > LARGEST_SOURCE) {
            throw new TemplateException("the template is longer than " + LARGEST_SOURCE + " characters");
        }
        try {
            return new Template(new StatementParser(new TokenStream(new Lexer(source).tokens())).template());
        } catch (StackOverflowError e) {
            throw new TemplateException("the template is nested too deeply");
        }
    }

    /**
     * Renders the template.
     *
     * @param variables JSON-like values: null, booleans, numbers, strings, lists and maps with string keys
     * @throws TemplateException when the template refuses the variables, cannot cope with them, or uses up more than a
     *     template may
     */
    public String render(Map<String, ?> variables, Clock clock) {
        Context context = new Context(clock);
        variables.forEach((name, value) -> context.set(name, Values.fromJson(value)));
        try {
            body.execute(context);
            return context.text();
        } catch (StackOverflowError e) {
            throw new TemplateException("the template recurses too deeply");
        }
    }
}
