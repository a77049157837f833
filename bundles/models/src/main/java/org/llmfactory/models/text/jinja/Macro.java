package org.llmfactory.models.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function written in the template; its value is what its body prints. The body sees the variables around the
 * definition.
 *
 * @param defaults for the last parameters
 */
record Macro(String name, List<String> parameters, List<Expression> defaults, Statement body, Scope definition)
        implements Callable {
    @Override
    public Object call(Context context, Arguments arguments) {
        Scope scope = new Scope(definition);
        return context.capture(scope, () -> {
            bind(context, arguments);
            return body.execute(context);
        });
    }

    private void bind(Context context, Arguments arguments) {
        int given = arguments.positional().size();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Object byName = named.remove(parameter);
            if (i < given && byName != null) {
                throw new TemplateException("macro '" + name + "' got two values for '" + parameter + "'");
            }
            if (i < given) {
                context.set(parameter, arguments.positional().get(i));
            } else {
                context.set(parameter, byName == null ? defaultOf(i, context) : byName);
            }
        }
        Object caller = named.remove("caller");
        context.set("caller", caller == null ? Undefined.variable("caller") : caller);
        context.set("varargs", new Tuple(arguments.from(parameters.size()).positional()));
        context.set("kwargs", new LinkedHashMap<Object, Object>(named));
    }

    private Object defaultOf(int index, Context context) {
        int position = index - (parameters.size() - defaults.size());
        return position < 0
                ? new Undefined("macro '" + name + "' was not given '" + parameters.get(index) + "'")
                : defaults.get(position).evaluate(context);
    }
}
