package org.llmfactory.rest;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.ws.rs.core.Application;

/**
 * A plugin's JAX-RS application with the manners of the house: JSON, error bodies, response headers, and no answer to
 * anyone who has not been authenticated. A plugin extends it, names a base path of its own and hands over its resources,
 * so that no change of one plugin rebuilds the application of another.
 */
public abstract class FactoryApplication extends Application {
    private final Set<Object> singletons;

    /** An application of these resources and providers. */
    protected FactoryApplication(Object... resources) {
        this.singletons = Stream.concat(
                        Stream.of(resources),
                        Stream.of(
                                new JsonProvider(),
                                new FailureMapper(),
                                new FailureRenderer(),
                                new CallerGate(),
                                new ResponseHeaders()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public final Set<Object> getSingletons() {
        return singletons;
    }
}
