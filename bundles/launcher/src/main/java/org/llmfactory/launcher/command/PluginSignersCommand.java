package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.admin.AdminClient;

/** Whose plugins an agent takes. */
final class PluginSignersCommand {
    private static final String PATH = PluginCommand.SIGNERS;

    private final PluginCommand group;

    PluginSignersCommand(PluginCommand group) {
        this.group = group;
    }

    int list() throws InterruptedException {
        return group.list(group.admin().agent().get(PATH), "name", "authority", "expires_at", "fingerprint=id");
    }

    int trust(Path certificate) throws InterruptedException {
        try {
            JsonNode signer =
                    group.admin().agent().post(PATH, "application/x-pem-file", BodyPublishers.ofFile(certificate));
            return group.done("Trusting " + signer.path("name").asText() + " now", signer);
        } catch (FileNotFoundException e) {
            throw new LauncherException("There is no file " + certificate + ".", e);
        }
    }

    int distrust(String fingerprint) throws InterruptedException {
        JsonNode answer = group.admin().agent().delete(AdminClient.path(PATH, fingerprint));
        return group.done("What this signer signs is refused from now on", answer);
    }
}
