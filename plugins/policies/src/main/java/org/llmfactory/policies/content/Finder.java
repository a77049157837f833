package org.llmfactory.policies.content;

import org.jspecify.annotations.Nullable;

/** Looks for one thing in texts, in a time linear in their length. Safe for use by several threads. */
interface Finder {
    /** Where something was found. */
    record Span(int start, int end) {}

    /**
     * The first occurrence that begins at or behind a place; never an empty one.
     *
     * @param text what lies before the place is looked at as context
     */
    @Nullable
    Span find(CharSequence text, int from);
}
