package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call hands over. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The arguments in the order of these parameters; {@link Bound} gives one by its index. */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateException(function + "() takes at most " + parameters.length + " arguments, "
                    + positional.size() + " were given");
        }
        List<@Nullable Object> values = new ArrayList<>(positional);
        for (int i = values.size(); i < parameters.length; i++) {
            values.add(named.get(parameters[i]));
        }
        List<String> known = List.of(parameters);
        for (String name : named.keySet()) {
            int index = known.indexOf(name);
            if (index < 0 || index < positional.size()) {
                throw new TemplateException(function + "() got an unexpected argument '" + name + "'");
            }
        }
        return new Bound(function, known, values);
    }

    /** These arguments without the first positional ones. */
    Arguments from(int index) {
        return new Arguments(positional.subList(Math.min(index, positional.size()), positional.size()), named);
    }

    /** Arguments matched with parameters. */
    record Bound(String function, List<String> parameters, List<@Nullable Object> values) {
        boolean has(int index) {
            return values.get(index) != null;
        }

        Object required(int index) {
            Object value = values.get(index);
            if (value == null) {
                throw new TemplateException(function + "() misses the argument '" + parameters.get(index) + "'");
            }
            return value;
        }

        Object optional(int index, Object otherwise) {
            Object value = values.get(index);
            return value == null ? otherwise : value;
        }

        String text(int index) {
            return Values.requireText(required(index), function + "()");
        }

        String text(int index, String otherwise) {
            return has(index) ? text(index) : otherwise;
        }

        long whole(int index) {
            return Values.requireWhole(required(index), function + "()");
        }

        long whole(int index, long otherwise) {
            return has(index) && required(index) != None.NONE ? whole(index) : otherwise;
        }

        boolean flag(int index, boolean otherwise) {
            return has(index) ? Values.isTrue(required(index)) : otherwise;
        }
    }
}
