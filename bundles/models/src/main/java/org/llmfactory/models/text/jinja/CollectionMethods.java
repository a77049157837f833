package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Python's methods of lists, tuples and maps that change nothing. */
final class CollectionMethods {
    private static final Set<String> MAP = Set.of("copy", "get", "items", "keys", "values");
    private static final Set<String> LIST = Set.of("copy", "count", "index");

    private CollectionMethods() {}

    static boolean isMapMethod(String name) {
        return MAP.contains(name);
    }

    static boolean isListMethod(String name) {
        return LIST.contains(name);
    }

    static Object callMap(Map<?, ?> map, String name, Arguments arguments) {
        if (name.equals("get")) {
            Arguments.Bound bound = arguments.bind(name, "key", "default");
            Object value = map.get(bound.required(0));
            return value == null ? bound.optional(1, None.NONE) : value;
        }
        arguments.bind(name);
        return switch (name) {
            case "items" -> items(map);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            default -> new LinkedHashMap<Object, Object>(map);
        };
    }

    /** The entries, a pair each. */
    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    static Object callList(List<?> list, String name, Arguments arguments) {
        if (name.equals("copy")) {
            arguments.bind(name);
            return list;
        }
        Object value = arguments.bind(name, "value").required(0);
        if (name.equals("count")) {
            return list.stream()
                    .filter(element -> Operators.equal(element, value))
                    .count();
        }
        for (int i = 0; i < list.size(); i++) {
            if (Operators.equal(list.get(i), value)) {
                return (long) i;
            }
        }
        throw new TemplateException(Representation.of(value) + " is not in the list");
    }
}
