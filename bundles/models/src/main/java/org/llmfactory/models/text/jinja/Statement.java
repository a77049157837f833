package org.llmfactory.models.text.jinja;

/** A part of a template that prints or changes variables. */
@FunctionalInterface
interface Statement {
    Flow execute(Context context);
}
