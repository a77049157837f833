package org.llmfactory.ledger;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Component configurations without a container: the declared defaults, but for what a test wants otherwise. */
public final class Configs {
    private Configs() {}

    public static <T> T defaults(Class<T> type) {
        return with(type, Map.of());
    }

    public static <T> T with(Class<T> type, Map<String, Object> values) {
        Object config = Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        return type.cast(config);
    }
}
