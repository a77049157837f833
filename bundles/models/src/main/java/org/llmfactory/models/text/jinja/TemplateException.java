package org.llmfactory.models.text.jinja;

/** A template that cannot be read, or cannot be rendered with these variables. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refusal;

    TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean refusal) {
        super(message);
        this.refusal = refusal;
    }

    /** The template itself called {@code raise_exception}. */
    static TemplateException refusal(String message) {
        return new TemplateException(message, true);
    }

    static TemplateException at(int line, String message) {
        return new TemplateException("line " + line + ": " + message);
    }

    /** Whether these are the template's own words about its input, not a fault. */
    public boolean isRefusal() {
        return refusal;
    }
}
