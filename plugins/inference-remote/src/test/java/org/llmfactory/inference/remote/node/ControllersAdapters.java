package org.llmfactory.inference.remote.node;

import java.nio.file.Path;
import java.util.Optional;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;

/** The adapters of a controller, for everyone. */
record ControllersAdapters(AdapterRegistry registry) implements FileShare {
    @Override
    public String name() {
        return "adapters";
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String name) {
        String[] parts = name.split("/", 2);
        return registry.find(parts[0]).isEmpty()
                ? Optional.empty()
                : Optional.of(registry.fetch(parts[0]).resolve(parts[1]));
    }
}
