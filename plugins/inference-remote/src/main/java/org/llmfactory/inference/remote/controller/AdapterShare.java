package org.llmfactory.inference.remote.controller;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;
import org.llmfactory.api.network.Membership;
import org.llmfactory.inference.remote.wire.AdapterFileNames;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Gives nodes the adapters that they generate with: to those that work for everyone any, to those of a project the
 * project's own and what is published to all. Only controllers do; elsewhere it has nothing.
 */
@Component
public final class AdapterShare implements FileShare {
    private final AdapterRegistry registry;
    private final Membership membership;

    @Activate
    public AdapterShare(@Reference AdapterRegistry registry, @Reference Membership membership) {
        this.registry = registry;
        this.membership = membership;
    }

    @Override
    public String name() {
        return AdapterFileNames.SHARE;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String name) {
        int slash = name.indexOf('/');
        if (!membership.self().isController()
                || slash < 0
                || !AdapterFileNames.FILES.contains(name.substring(slash + 1))) {
            return Optional.empty();
        }
        String digest = name.substring(0, slash);
        List<AdapterInfo> registered = registry.find(digest).stream()
                .filter(info -> info.digest().equals(digest))
                .toList();
        return registered.stream().anyMatch(info -> mayHave(caller, info))
                ? Optional.of(registry.fetch(digest).resolve(name.substring(slash + 1)))
                : Optional.empty();
    }

    private static boolean mayHave(AgentAddress caller, AdapterInfo adapter) {
        return caller.worksFor(adapter.project()) || adapter.visibility() == Visibility.PUBLIC;
    }
}
