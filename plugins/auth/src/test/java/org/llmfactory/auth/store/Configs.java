package org.llmfactory.auth.store;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as the container makes them: defaults, but for what a test says. */
public final class Configs {
    private Configs() {}

    public static <T> T of(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
