package org.llmfactory.agent.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.agent.plugin.Digests;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.rest.Requires;

/** The plugins of this agent; for administrators. */
@javax.ws.rs.Path("/plugins")
@Produces(MediaType.APPLICATION_JSON)
public final class PluginsResource {
    private final PluginManager plugins;
    private final PluginAudit audit;

    PluginsResource(PluginManager plugins, PluginAudit audit) {
        this.plugins = plugins;
        this.audit = audit;
    }

    /** All plugins. */
    public record PluginList(String object, List<PluginInfo> data) {}

    /** What was removed. */
    public record Removed(String symbolicName, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public PluginList list() {
        return new PluginList("list", plugins.list());
    }

    /** Installs or updates the plugin whose jar is the request's body. */
    @POST
    @Requires(Action.OPERATE_PLATFORM)
    @Consumes({"application/java-archive", MediaType.APPLICATION_OCTET_STREAM})
    public PluginInfo deploy(@Context SecurityContext security, InputStream body) throws IOException {
        Path jar = Files.createTempFile("plugin", ".jar");
        try {
            Files.copy(body, jar, StandardCopyOption.REPLACE_EXISTING);
            audit.deploying(security, Digests.sha256(jar));
            return plugins.deploy(jar);
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    @DELETE
    @Requires(Action.OPERATE_PLATFORM)
    @javax.ws.rs.Path("/{symbolicName}")
    public Removed undeploy(@Context SecurityContext security, @PathParam("symbolicName") String symbolicName) {
        audit.undeploying(security, symbolicName);
        plugins.undeploy(symbolicName);
        return new Removed(symbolicName, true);
    }
}
