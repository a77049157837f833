package org.llmfactory.inference.remote.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.models.text.TextCodecs;

/** Brings what is to be known of models from the agents that have them, once: it stays in a folder. */
public final class ModelFetcher {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final AgentFiles files;
    private final Path root;

    /** @param root holds a folder for each model, by digest; those that are for one project in a folder of the project's */
    public ModelFetcher(AgentFiles files, Path root) {
        this.files = files;
        this.root = root;
    }

    /**
     * A model by what lies here of it, or else by what an agent says.
     *
     * @param id what the model is called
     * @param tenant the project that it is for; empty for all
     * @param from an agent that has it, and whose word on it counts for the tenant
     */
    RemoteModel bring(String id, String digest, String tenant, AgentAddress from)
            throws IOException, InterruptedException {
        if (!Manifest.isDigest(digest)) {
            throw new IOException("The digest of the model is none");
        }
        Path parent = tenant.isEmpty() ? root : root.resolve(tenant);
        Path folder = parent.resolve(digest);
        if (!isWhole(folder, digest)) {
            Folders.delete(folder);
            fetch(from, digest, folder);
        }
        Manifest manifest = Manifest.read(folder, digest);
        return new RemoteModel(manifest.info(id), TextCodecs.open(folder), folder, tenant);
    }

    private static boolean isWhole(Path folder, String digest) throws IOException {
        if (!Files.exists(folder.resolve(Manifest.FILE))) {
            return false;
        }
        for (Manifest.Part part : Manifest.read(folder, digest).parts()) {
            if (!part.isIn(folder)) {
                return false;
            }
        }
        return true;
    }

    private void fetch(AgentAddress from, String digest, Path folder) throws IOException, InterruptedException {
        Path parent = Files.createDirectories(Objects.requireNonNull(folder.getParent()));
        Path making = Files.createTempDirectory(parent, ".incoming-");
        try {
            files.fetch(from, Manifest.SHARE, digest + "/" + Manifest.FILE, making.resolve(Manifest.FILE), "", LONGEST);
            for (Manifest.Part part : Manifest.read(making, digest).parts()) {
                Path target = making.resolve(part.name());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                files.fetch(from, Manifest.SHARE, digest + "/" + part.name(), target, part.sha256(), LONGEST);
                if (!part.isIn(making)) {
                    throw new IOException("The file " + part.name() + " is not what its agent said");
                }
            }
            Folders.move(making, folder);
        } finally {
            Folders.delete(making);
        }
    }
}
