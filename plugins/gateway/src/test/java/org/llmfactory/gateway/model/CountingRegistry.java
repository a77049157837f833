package org.llmfactory.gateway.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Visibility;

/** A registry that counts how often it is asked. */
final class CountingRegistry implements AdapterRegistry {
    private final AdapterRegistry registry;
    private final AtomicInteger lookups = new AtomicInteger();

    CountingRegistry(AdapterRegistry registry) {
        this.registry = registry;
    }

    /** How often since the last call. */
    int takeLookups() {
        return lookups.getAndSet(0);
    }

    @Override
    public List<AdapterInfo> find(String reference) {
        lookups.incrementAndGet();
        return registry.find(reference);
    }

    @Override
    public List<AdapterInfo> list() {
        lookups.incrementAndGet();
        return registry.list();
    }

    @Override
    public AdapterInfo register(Label label, String baseModel, Path configuration, Path weights) {
        return registry.register(label, baseModel, configuration, weights);
    }

    @Override
    public Optional<AdapterInfo> show(String id, Visibility visibility) {
        return registry.show(id, visibility);
    }

    @Override
    public boolean remove(String id) {
        return registry.remove(id);
    }

    @Override
    public Path fetch(String digest) {
        return registry.fetch(digest);
    }
}
