package org.llmfactory.trainer.internal;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;

/** Configurations as Declarative Services makes them. */
final class Configs {
    private Configs() {}

    static Config with(Map<String, Object> values) {
        return (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    Object value = values.get(method.getName());
                    return value != null ? value : Objects.requireNonNull(method.getDefaultValue());
                });
    }
}
