package org.llmfactory.models.text.jinja;

import java.util.List;

/** What a value is assigned to. */
interface Target {
    void assign(Context context, Object value);

    record Variable(String name) implements Target {
        @Override
        public void assign(Context context, Object value) {
            context.set(name, value);
        }
    }

    /** A variable of a namespace. */
    record Member(String namespace, String name) implements Target {
        @Override
        public void assign(Context context, Object value) {
            if (!(context.variable(namespace) instanceof Namespace owner)) {
                throw new TemplateException("'" + namespace + "' is no namespace, its members cannot be set");
            }
            owner.variables().put(name, value);
        }
    }

    /** Several targets for the elements of one value. */
    record Several(List<Target> targets) implements Target {
        @Override
        public void assign(Context context, Object value) {
            List<Object> elements = Values.elements(value);
            if (elements.size() != targets.size()) {
                throw new TemplateException(
                        "cannot unpack " + elements.size() + " values into " + targets.size() + " variables");
            }
            for (int i = 0; i < elements.size(); i++) {
                targets.get(i).assign(context, elements.get(i));
            }
        }
    }
}
