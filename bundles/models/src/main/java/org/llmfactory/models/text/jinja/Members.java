package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code a.b}, {@code a[b]} and {@code a[b:c:d]}. Names that begin with an underscore do not exist. */
final class Members {
    /** Methods that would change a value: templates run without them. */
    private static final Set<String> CHANGING = Set.of(
            "append",
            "clear",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "reverse",
            "setdefault",
            "sort",
            "update");

    private Members() {}

    /** {@code owner.name}: first what the type has, then what the map holds under the name. */
    static Object attribute(Object owner, String name) {
        Operators.rejectUndefined(owner);
        if (name.startsWith("_")) {
            return Undefined.member(owner, name);
        }
        if (owner instanceof Namespace namespace) {
            Object value = namespace.variables().get(name);
            return value == null ? Undefined.member(owner, name) : value;
        }
        if (owner instanceof Loop loop) {
            return loop.attribute(name);
        }
        if (owner instanceof Map<?, ?> map) {
            return CollectionMethods.isMapMethod(name) ? method(owner, name) : entry(map, name);
        }
        return method(owner, name);
    }

    private static Object entry(Map<?, ?> map, Object key) {
        Object value = map.get(key);
        if (value != null) {
            return value;
        }
        return key instanceof String name && CHANGING.contains(name) ? changing(name) : Undefined.member(map, key);
    }

    private static Object method(Object owner, String name) {
        if (owner instanceof String text && StringMethods.isMethod(name)) {
            return (Callable) (context, arguments) -> StringMethods.call(text, name, arguments, context);
        }
        if (owner instanceof List<?> list && CollectionMethods.isListMethod(name)) {
            return (Callable) (context, arguments) -> CollectionMethods.callList(list, name, arguments);
        }
        if (owner instanceof Map<?, ?> map && CollectionMethods.isMapMethod(name)) {
            return (Callable) (context, arguments) -> CollectionMethods.callMap(map, name, arguments);
        }
        return owner instanceof List && CHANGING.contains(name) ? changing(name) : Undefined.member(owner, name);
    }

    private static Callable changing(String name) {
        return (context, arguments) -> {
            throw new TemplateException("'" + name + "' is not allowed: a template must not change its values");
        };
    }

    /** {@code owner[key]}: first what the map or sequence holds, then what the type has. */
    static Object item(Object owner, Object key) {
        Operators.rejectUndefined(owner);
        if (owner instanceof Map<?, ?> map) {
            Object value = map.get(key);
            return value == null && key instanceof String name ? attribute(owner, name) : entry(map, key);
        }
        if (Values.isWhole(key) && (owner instanceof List || owner instanceof String)) {
            return element(owner, Values.whole(key));
        }
        return key instanceof String name ? attribute(owner, name) : Undefined.member(owner, key);
    }

    private static Object element(Object owner, long index) {
        long length = Values.length(owner);
        long position = index < 0 ? index + length : index;
        if (position < 0 || position >= length) {
            return Undefined.member(owner, index);
        }
        if (owner instanceof String text) {
            return Character.toString(text.codePointAt(CodePoints.offset(text, position)));
        }
        return ((List<?>) owner).get((int) position);
    }

    /** {@code owner[start:stop:step]}; {@link None} where a bound is left out. */
    static Object slice(Object owner, Object start, Object stop, Object step, Context context) {
        Operators.rejectUndefined(owner);
        if (!(owner instanceof String) && !(owner instanceof List)) {
            throw new TemplateException("a value of type '" + Values.typeName(owner) + "' cannot be sliced");
        }
        long stride = step == None.NONE ? 1 : Values.requireWhole(step, "a slice");
        if (stride == 0) {
            throw new TemplateException("a slice's step must not be zero");
        }
        long length = Values.length(owner);
        long first = bound(start, stride > 0 ? 0 : length - 1, length, stride);
        long last = bound(stop, stride > 0 ? length : -1, length, stride);
        if (owner instanceof String text && stride == 1) {
            long end = Math.max(first, last);
            return context.budget().made(text.substring(CodePoints.offset(text, first), CodePoints.offset(text, end)));
        }
        List<Object> elements = Values.elements(owner);
        List<Object> picked = new ArrayList<>();
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            context.budget().step();
            picked.add(elements.get((int) i));
        }
        if (owner instanceof String) {
            StringBuilder text = new StringBuilder();
            picked.forEach(text::append);
            return context.budget().made(text.toString());
        }
        return owner instanceof Tuple ? new Tuple(picked) : picked;
    }

    private static long bound(Object given, long otherwise, long length, long stride) {
        if (given == None.NONE) {
            return otherwise;
        }
        long index = Values.requireWhole(given, "a slice");
        long position = index < 0 ? index + length : index;
        long lowest = stride > 0 ? 0 : -1;
        long highest = stride > 0 ? length : length - 1;
        return Math.max(lowest, Math.min(highest, position));
    }
}
