package org.llmfactory.agent.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.ws.rs.core.Application;
import org.llmfactory.access.Action;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.jaxrs.whiteboard.JaxrsWhiteboardConstants;

/**
 * Every endpoint of this agent and the rule in front of it. Looked up when asked for: a reference to all applications
 * would make the one that serves this list wait for itself.
 */
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

    private final BundleContext context;

    @Activate
    public EndpointCatalog(BundleContext context) {
        this.context = context;
    }

    /** All endpoints, by path. */
    List<Entry> entries() {
        try {
            return context.getServiceReferences(Application.class, null).stream()
                    .flatMap(this::entries)
                    .sorted(Comparator.comparing(Entry::path).thenComparing(Entry::method))
                    .toList();
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException("no filter cannot be a wrong one", impossible);
        }
    }

    private Stream<Entry> entries(ServiceReference<Application> reference) {
        Application application = context.getService(reference);
        try {
            String base = String.valueOf(reference.getProperty(JaxrsWhiteboardConstants.JAX_RS_APPLICATION_BASE));
            return application instanceof FactoryApplication ours ? entries(ours, base).stream() : Stream.empty();
        } finally {
            context.ungetService(reference);
        }
    }

    /** The endpoints of an application at its base path. */
    static List<Entry> entries(FactoryApplication application, String base) {
        return application.endpoints().stream()
                .map(endpoint -> entry(endpoint, base))
                .toList();
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
