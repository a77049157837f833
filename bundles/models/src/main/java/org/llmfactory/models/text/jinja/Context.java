package org.llmfactory.models.text.jinja;

import java.time.Clock;

/** The state of one rendering. */
final class Context {
    private final Budget budget = new Budget();
    private final Clock clock;
    private Scope scope = new Scope(null);
    private StringBuilder output = new StringBuilder();

    Context(Clock clock) {
        this.clock = clock;
    }

    Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    Scope scope() {
        return scope;
    }

    void set(String name, Object value) {
        scope.set(name, value);
    }

    /** A variable, a global function, or an undefined value. */
    Object variable(String name) {
        Object value = scope.find(name);
        if (value == null) {
            value = Globals.find(name);
        }
        return value == null ? Undefined.variable(name) : value;
    }

    void print(String text) {
        budget.characters(text.length());
        output.append(text);
    }

    /** What was printed. */
    String text() {
        return output.toString();
    }

    /** Runs a body in a scope inside {@code outer}. */
    Flow inside(Scope outer, Body body) {
        Scope before = scope;
        scope = new Scope(outer);
        try {
            return body.run();
        } finally {
            scope = before;
        }
    }

    /** What a body prints in a scope of its own. */
    String capture(Scope outer, Body body) {
        StringBuilder before = output;
        output = new StringBuilder();
        budget.enter();
        try {
            inside(outer, body);
            return text();
        } finally {
            budget.leave();
            output = before;
        }
    }

    /** Part of a template with its variables prepared. */
    @FunctionalInterface
    interface Body {
        Flow run();
    }
}
