package org.llmfactory.models.text.jinja;

/** How execution goes on after a statement. */
enum Flow {
    NEXT,
    BREAK,
    CONTINUE
}
