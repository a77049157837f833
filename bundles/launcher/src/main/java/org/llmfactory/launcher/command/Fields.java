package org.llmfactory.launcher.command;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request, of which those that were not given are left out. */
final class Fields {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** A field, unless its value is null or an empty collection. */
    Fields put(String name, @Nullable Object value) {
        boolean given = value != null && !(value instanceof Collection<?> items && items.isEmpty());
        return given ? set(name, value) : this;
    }

    /** A field, null included: that is how something is taken back. */
    Fields set(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The fields of another one too. */
    Fields and(Fields more) {
        fields.putAll(more.fields);
        return this;
    }

    Map<String, @Nullable Object> map() {
        return fields;
    }
}
