package org.llmfactory.models.text.jinja;

import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions every template has. */
final class Globals {
    private static final Map<String, Callable> FUNCTIONS = Map.of(
            "range", Globals::range,
            "dict", Globals::dict,
            "namespace", Globals::namespace,
            "cycler", Globals::cycler,
            "joiner", Globals::joiner,
            "raise_exception", Globals::raiseException,
            "strftime_now", Globals::strftimeNow);

    private Globals() {}

    static @Nullable Object find(String name) {
        return FUNCTIONS.get(name);
    }

    private static Object range(Context context, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("range", "start", "stop", "step");
        long start = bound.has(1) ? bound.whole(0) : 0;
        long stop = bound.has(1) ? bound.whole(1) : bound.whole(0);
        long step = bound.whole(2, 1);
        if (step == 0) {
            throw new TemplateException("range() needs a step other than zero");
        }
        double exact = Math.ceil(((double) stop - start) / step);
        if (exact > 1_000_000) {
            throw new TemplateException("range() is longer than a template may loop");
        }
        int size = (int) Math.max(0, exact);
        return new AbstractList<Object>() {
            @Override
            public Object get(int index) {
                return start + index * step;
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private static Object dict(Context context, Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Object given = arguments.from(1).positional().isEmpty()
                        && !arguments.positional().isEmpty()
                ? arguments.positional().get(0)
                : Map.of();
        if (given instanceof Map<?, ?> entries) {
            map.putAll(entries);
        } else {
            for (Object pair : Values.elements(given)) {
                List<Object> both = Values.elements(pair);
                if (both.size() != 2) {
                    throw new TemplateException("dict() needs pairs");
                }
                map.put(both.get(0), both.get(1));
            }
        }
        map.putAll(arguments.named());
        return map;
    }

    private static Object namespace(Context context, Arguments arguments) {
        Namespace namespace = new Namespace();
        if (dict(context, arguments) instanceof Map<?, ?> variables) {
            variables.forEach((name, value) -> namespace.variables().put(Values.text(name), value));
        }
        return namespace;
    }

    private static Object cycler(Context context, Arguments arguments) {
        List<Object> items = arguments.positional();
        if (items.isEmpty()) {
            throw new TemplateException("cycler() needs something to go through");
        }
        Namespace cycler = new Namespace();
        Map<String, Object> variables = cycler.variables();
        variables.put("current", items.get(0));
        long[] position = {0};
        variables.put("next", (Callable) (inner, none) -> {
            Object current = items.get((int) (position[0]++ % items.size()));
            variables.put("current", items.get((int) (position[0] % items.size())));
            return current;
        });
        variables.put("reset", (Callable) (inner, none) -> {
            position[0] = 0;
            variables.put("current", items.get(0));
            return None.NONE;
        });
        return cycler;
    }

    private static Object joiner(Context context, Arguments arguments) {
        String separator = arguments.bind("joiner", "sep").text(0, ", ");
        boolean[] used = {false};
        return (Callable) (inner, none) -> {
            String text = used[0] ? separator : "";
            used[0] = true;
            return text;
        };
    }

    private static Object raiseException(Context context, Arguments arguments) {
        throw TemplateException.refusal(
                Values.text(arguments.bind("raise_exception", "message").required(0)));
    }

    private static Object strftimeNow(Context context, Arguments arguments) {
        return Strftime.format(arguments.bind("strftime_now", "format").text(0), context.clock());
    }
}
