package org.llmfactory.datasets;

import java.util.Locale;

/** What a file of training data looks like. */
public enum Format {
    /** OpenAI's {@code messages}. */
    CHAT,
    /** OpenAI's preference pairs. */
    PREFERENCE,
    /** Alpaca's {@code instruction} and {@code output}. */
    INSTRUCTION,
    /** ShareGPT's {@code conversations}. */
    SHAREGPT,
    /** JSON rows with a {@code text}. */
    TEXT_ROWS,
    TEXT,
    MARKDOWN,
    HTML,
    PDF,
    DOCX;

    /** For people and for reports, in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
