package org.llmfactory.rest;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.ws.rs.core.Application;

/**
 * A plugin's JAX-RS application with the manners of the house: JSON, error bodies, response headers, and no answer to
 * anyone who has not been authenticated or lacks the right. A plugin extends it, names a base path of its own and hands over its resources,
 * so that no change of one plugin rebuilds the application of another.
 */
public abstract class FactoryApplication extends Application {
    private final Set<Object> singletons;
    private final List<Endpoint> endpoints;

    /**
     * An application of these resources and providers.
     *
     * @throws IllegalStateException when an endpoint has no {@link Requires}
     */
    protected FactoryApplication(Object... resources) {
        this.endpoints = Endpoint.of(List.of(resources));
        this.singletons = Stream.concat(
                        Stream.of(resources),
                        Stream.of(
                                new JsonProvider(),
                                new FailureMapper(),
                                new FailureRenderer(),
                                new CallerGate(),
                                new RuleFilter(),
                                new ResponseHeaders()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public final Set<Object> getSingletons() {
        return singletons;
    }

    /** Its endpoints and their rules, paths relative to the application's own. */
    public final List<Endpoint> endpoints() {
        return endpoints;
    }
}
