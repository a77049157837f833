package org.llmfactory.models.text.jinja;

/** A part of a template that has a value: see {@link Values} for the kinds there are. */
@FunctionalInterface
interface Expression {
    Object evaluate(Context context);
}
