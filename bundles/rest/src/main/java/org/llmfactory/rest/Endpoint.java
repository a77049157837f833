package org.llmfactory.rest;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;

/**
 * One endpoint and its rule.
 *
 * @param method the HTTP method
 * @param path its path below the application's, with {@code {parameters}}
 * @param action what it takes
 */
public record Endpoint(String method, String path, Action action) {
    public Endpoint {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(action, "action");
    }

    /**
     * The endpoints of some resources, sub-resource methods included.
     *
     * @throws IllegalStateException for one without a rule
     */
    static List<Endpoint> of(Collection<?> resources) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Object resource : resources) {
            Path root = resource.getClass().getAnnotation(Path.class);
            if (root != null) {
                methods(resource.getClass(), root.value()).forEach(endpoints::add);
            }
        }
        return List.copyOf(endpoints);
    }

    private static Stream<Endpoint> methods(Class<?> type, String root) {
        return Stream.of(type.getMethods())
                .flatMap(method -> httpMethod(method).stream()
                        .map(http -> new Endpoint(http, join(root, method.getAnnotation(Path.class)), rule(method))));
    }

    private static Optional<String> httpMethod(Method method) {
        return Stream.of(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static Action rule(Method method) {
        Requires requires = method.getAnnotation(Requires.class);
        if (requires == null) {
            throw new IllegalStateException(
                    "The endpoint " + method.getDeclaringClass().getName() + "." + method.getName()
                            + " says not who may call it; annotate it with @Requires.");
        }
        return requires.value();
    }

    private static String join(String root, @Nullable Path path) {
        String joined = "/" + root + "/" + (path == null ? "" : path.value());
        String single = joined.replaceAll("/{2,}", "/");
        return single.length() > 1 && single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
    }
}
