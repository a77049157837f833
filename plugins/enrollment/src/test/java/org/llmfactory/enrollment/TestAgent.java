package org.llmfactory.enrollment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.llmfactory.agent.network.NetworkApplication;
import org.llmfactory.agent.network.NetworkMember;
import org.llmfactory.agent.network.NetworkResource;
import org.llmfactory.agent.network.StoredLabels;
import org.llmfactory.agent.network.UpdateAction;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;
import org.llmfactory.rest.Json;

/** An agent: its REST resource with a real identity in a home of its own. */
public final class TestAgent {
    public final IdentityKeeper keeper;
    public final NetworkMember member;
    public final NetworkResource resource;

    public TestAgent(Path home, Clock clock) throws IOException {
        this(home, clock, new HomeIdentityKeeper(new NetworkFolder(home), clock, Publication.NONE));
    }

    /** The same half of an agent whose other half has an identity already, as that of a controller. */
    public TestAgent(Path home, Clock clock, IdentityKeeper keeper) throws IOException {
        Files.createDirectories(home);
        FolderHome folder = new FolderHome(home);
        this.keeper = keeper;
        this.member = new NetworkMember(folder, keeper, new StoredLabels(folder), clock);
        this.resource = new NetworkApplication(member)
                .getSingletons().stream()
                        .filter(NetworkResource.class::isInstance)
                        .map(NetworkResource.class::cast)
                        .findFirst()
                        .orElseThrow();
    }

    /** Joins as {@code POST /admin/network} does. */
    public NetworkResource.Membership join(URI url, String token, String name) throws InterruptedException {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("url", url.toString()).put("token", token);
        if (!name.isEmpty()) {
            body.put("name", name);
        }
        return resource.join(body);
    }

    /** Hears what controllers tell. */
    public TestAgent connected(InMemoryControlPlane network) {
        network.offer(identity().self(), new UpdateAction(identity(), keeper));
        return this;
    }

    public NetworkIdentity identity() {
        return keeper.identity().orElseThrow();
    }
}
