package org.llmfactory.agent.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which bundle answers under which path, learnt from the service properties of the HTTP and JAX-RS whiteboards. The
 * longest prefix wins, as it does there.
 */
final class RouteTable {
    private static final List<String> PROPERTIES = List.of(
            "osgi.jaxrs.application.base",
            "osgi.http.whiteboard.servlet.pattern",
            "osgi.http.whiteboard.resource.pattern",
            "osgi.http.whiteboard.context.path");

    /** The services that say where they answer. */
    static final String FILTER = "(|"
            + String.join(
                    "", PROPERTIES.stream().map(name -> "(" + name + "=*)").toList()) + ")";

    /**
     * One answer to a path.
     *
     * @param prefix of the path, without a slash at its end
     * @param owner symbolic name of the bundle that answers
     */
    record Route(String prefix, String owner) {}

    private final Map<Object, List<Route>> routes = new ConcurrentHashMap<>();

    /** Notes the routes of a service; {@code key} identifies it. */
    void add(Object key, String owner, Map<String, ?> properties) {
        List<Route> found = new ArrayList<>();
        for (String name : PROPERTIES) {
            for (String pattern : strings(properties.get(name))) {
                found.add(new Route(prefix(pattern), owner));
            }
        }
        routes.put(key, List.copyOf(found));
    }

    void remove(Object key) {
        routes.remove(key);
    }

    /** The route that answers under {@code path}. */
    Optional<Route> match(String path) {
        return routes.values().stream()
                .flatMap(List::stream)
                .filter(route -> matches(route.prefix(), path))
                .max(Comparator.comparingInt(route -> route.prefix().length()));
    }

    /** Every bundle that answers anywhere. */
    Set<String> owners() {
        return routes.values().stream().flatMap(List::stream).map(Route::owner).collect(Collectors.toUnmodifiableSet());
    }

    /** The prefixes of a bundle. */
    Set<String> prefixes(String owner) {
        return routes.values().stream()
                .flatMap(List::stream)
                .filter(route -> route.owner().equals(owner))
                .map(Route::prefix)
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean matches(String prefix, String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static String prefix(String pattern) {
        String prefix = pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 2) : pattern;
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static List<String> strings(@Nullable Object value) {
        if (value instanceof String one) {
            return List.of(one);
        }
        if (value instanceof String[] several) {
            return Arrays.asList(several);
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        return List.of();
    }
}
