package org.llmfactory.itest.plugin;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.signing.PluginSigner;
import org.llmfactory.launcher.signing.SigningKey;

/** Signs plugins for tests, and makes agents trust it. */
public final class PluginSignature {
    private final Path folder;
    private final PluginSigner signer;

    /** A signer with a key in a new folder. */
    public PluginSignature(Path folder) {
        this.folder = folder;
        this.signer = new PluginSigner(SigningKey.create(folder, "Integration tests", Duration.ofDays(1)));
    }

    /** Signs a jar in its place. */
    public Path sign(Path jar) {
        signer.sign(jar, jar);
        return jar;
    }

    /** The certificate in PEM. */
    public Path certificate() {
        return folder.resolve(SigningKey.CERTIFICATE);
    }

    /** Makes a running agent trust it, as an administrator does. */
    public void trust(AgentClient agent) throws IOException, InterruptedException {
        agent.post("/admin/plugins/signers", "application/x-pem-file", BodyPublishers.ofFile(certificate()));
    }

    /** Makes an agent trust it that has not been started yet. */
    public void trust(Path home) throws IOException {
        Path trusted = Files.createDirectories(home.resolve("trust").resolve("plugins"));
        Files.copy(certificate(), trusted.resolve(SigningKey.CERTIFICATE));
    }
}
