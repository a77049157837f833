package org.llmfactory.agent.rest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.ws.rs.core.Application;
import org.llmfactory.access.Action;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.jaxrs.whiteboard.JaxrsWhiteboardConstants;

/** Every endpoint of this agent and the rule in front of it, as the plugins come and go. */
@Component(service = EndpointCatalog.class)
public final class EndpointCatalog {
    /**
     * An endpoint on the wire.
     *
     * @param method the HTTP method
     * @param path the whole path, with {@code {parameters}}
     * @param action what it takes, in lower case
     * @param area what an API key must open for it, in lower case
     */
    public record Entry(String method, String path, String action, String area) {}

    private final Map<FactoryApplication, String> applications = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addApplication(Application application, Map<String, Object> properties) {
        if (application instanceof FactoryApplication ours) {
            applications.put(ours, String.valueOf(properties.get(JaxrsWhiteboardConstants.JAX_RS_APPLICATION_BASE)));
        }
    }

    void removeApplication(Application application) {
        if (application instanceof FactoryApplication ours) {
            applications.remove(ours);
        }
    }

    /** All endpoints, by path. */
    List<Entry> entries() {
        return applications.entrySet().stream()
                .flatMap(entry -> entries(entry.getKey(), entry.getValue()))
                .sorted((one, other) -> (one.path() + one.method()).compareTo(other.path() + other.method()))
                .toList();
    }

    private static Stream<Entry> entries(FactoryApplication application, String base) {
        return application.endpoints().stream().map(endpoint -> entry(endpoint, base));
    }

    private static Entry entry(Endpoint endpoint, String base) {
        Action action = endpoint.action();
        String root = base.equals("/") ? "" : base;
        String path = endpoint.path().equals("/") && !root.isEmpty() ? root : root + endpoint.path();
        return new Entry(
                endpoint.method(),
                path,
                action.name().toLowerCase(Locale.ROOT),
                action.area().name().toLowerCase(Locale.ROOT));
    }
}
