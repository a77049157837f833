package org.llmfactory.deployer.rest;

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
import org.llmfactory.deployer.repository.PluginRepository;
import org.llmfactory.deployer.repository.PublishedPlugin;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** The plugins that are ready to be deployed; for administrators. */
@javax.ws.rs.Path("/plugins")
@Produces(MediaType.APPLICATION_JSON)
public final class RepositoryResource {
    private final PluginRepository repository;

    RepositoryResource(PluginRepository repository) {
        this.repository = repository;
    }

    /**
     * A published plugin on the wire.
     *
     * @param id SHA-256 of its jar
     * @param plugin its symbolic name
     * @param version of the bundle
     * @param signer SHA-256 of the signer's certificate
     * @param signerName whom it names
     * @param size in bytes
     * @param publishedAt in epoch seconds
     */
    public record PluginObject(
            String object,
            String id,
            String plugin,
            String version,
            String signer,
            String signerName,
            long size,
            long publishedAt) {
        static PluginObject of(PublishedPlugin plugin) {
            return new PluginObject(
                    "published_plugin",
                    plugin.digest(),
                    plugin.plugin(),
                    plugin.version(),
                    plugin.signer(),
                    plugin.signerName(),
                    plugin.bytes(),
                    plugin.published().getEpochSecond());
        }
    }

    /** All of them. */
    public record PluginList(String object, List<PluginObject> data) {}

    /** What was taken out. */
    public record Removed(String object, String id, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public PluginList list() {
        return new PluginList(
                "list", repository.list().stream().map(PluginObject::of).toList());
    }

    /** Publishes the plugin whose jar is the request's body. */
    @POST
    @Requires(Action.OPERATE_PLATFORM)
    @Consumes({"application/java-archive", MediaType.APPLICATION_OCTET_STREAM})
    public PluginObject publish(@Context SecurityContext security, InputStream body) throws IOException {
        Path jar = Files.createTempFile("published", ".jar");
        try {
            Files.copy(body, jar, StandardCopyOption.REPLACE_EXISTING);
            return PluginObject.of(repository.publish(jar, Callers.actor(security)));
        } finally {
            Files.deleteIfExists(jar);
        }
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    @javax.ws.rs.Path("/{digest}")
    public PluginObject show(@PathParam("digest") String digest) {
        return PluginObject.of(repository.get(digest));
    }

    @DELETE
    @Requires(Action.OPERATE_PLATFORM)
    @javax.ws.rs.Path("/{digest}")
    public Removed remove(@Context SecurityContext security, @PathParam("digest") String digest) {
        repository.remove(digest, Callers.actor(security));
        return new Removed("published_plugin", digest, true);
    }
}
