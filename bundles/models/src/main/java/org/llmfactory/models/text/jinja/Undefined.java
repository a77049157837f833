package org.llmfactory.models.text.jinja;

/**
 * A value that is not there. It prints as nothing, is false and has no elements; any other use is an error.
 *
 * @param complaint what that error says
 */
record Undefined(String complaint) {
    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object name) {
        String shown = name instanceof String text ? "'" + text + "'" : Values.text(name);
        return new Undefined("a value of type '" + Values.typeName(owner) + "' has no member " + shown);
    }

    TemplateException failure() {
        return new TemplateException(complaint);
    }
}
