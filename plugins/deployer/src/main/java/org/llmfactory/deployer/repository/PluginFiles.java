package org.llmfactory.deployer.repository;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;

/** The share from which agents fetch the plugins that they have been ordered to deploy, and no others. */
public final class PluginFiles implements FileShare {
    private record Grant(AgentAddress agent, String digest) {}

    private final PluginRepository repository;
    private final Set<Grant> grants = ConcurrentHashMap.newKeySet();

    public PluginFiles(PluginRepository repository) {
        this.repository = repository;
    }

    /** Lets an agent fetch a jar from now on. */
    public void grant(AgentAddress agent, String digest) {
        grants.add(new Grant(agent, digest));
    }

    /** Lets it no more. */
    public void revoke(AgentAddress agent, String digest) {
        grants.remove(new Grant(agent, digest));
    }

    @Override
    public String name() {
        return DeployOrder.SHARE;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String digest) {
        return grants.contains(new Grant(caller, digest)) ? repository.file(digest) : Optional.empty();
    }
}
