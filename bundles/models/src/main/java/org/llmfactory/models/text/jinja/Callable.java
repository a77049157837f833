package org.llmfactory.models.text.jinja;

/** A value that can be called: a global function, a method, a macro. */
@FunctionalInterface
interface Callable {
    Object call(Context context, Arguments arguments);
}
