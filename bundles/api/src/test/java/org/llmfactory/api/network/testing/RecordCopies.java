package org.llmfactory.api.network.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries records of one class over into another by the names of their components, as JSON would. */
final class RecordCopies {
    private RecordCopies() {}

    static <T extends Record> T copy(Record source, Class<T> target) {
        if (target.isInstance(source)) {
            return target.cast(source);
        }
        RecordComponent[] components = target.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = convert(value(source, components[i].getName()), components[i].getGenericType());
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<T> constructor = target.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalArgumentException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Object value(Record source, String name) {
        try {
            Method accessor = source.getClass().getDeclaredMethod(name);
            accessor.setAccessible(true);
            return accessor.invoke(source);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(source.getClass() + " has no component " + name, e);
        }
    }

    private static @Nullable Object convert(@Nullable Object value, Type type) {
        if (value instanceof Record nested && type instanceof Class<?> target && target.isRecord()) {
            return copy(nested, target.asSubclass(Record.class));
        }
        if (value instanceof List<?> list) {
            Type element = argument(type, 0);
            return list.stream().map(item -> convert(item, element)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            Type element = argument(type, 1);
            map.forEach((name, item) -> copy.put(name, convert(item, element)));
            return copy;
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(item -> convert(item, argument(type, 0)));
        }
        return value;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }
}
