package org.llmfactory.models.text.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
