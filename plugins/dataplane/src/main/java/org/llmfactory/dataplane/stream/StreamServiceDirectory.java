package org.llmfactory.dataplane.stream;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.StreamService;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The stream services that are registered now. Made at once and not for the data plane's sake: some services need the data
 * plane themselves, and could not be bound while it is being made.
 */
@Component(service = StreamServices.class, immediate = true)
public final class StreamServiceDirectory implements StreamServices {
    private final List<StreamService> services = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addService(StreamService service) {
        services.add(service);
    }

    void removeService(StreamService service) {
        services.remove(service);
    }

    @Override
    public Optional<StreamService> find(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }
}
