package org.llmfactory.launcher.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.signing.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes a key that signs plugins. */
@Command(name = "keygen", description = "Make a key that signs plugins, and the certificate that agents trust.")
final class PluginKeygenCommand implements Callable<Integer> {
    @ParentCommand
    PluginCommand group = new PluginCommand();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where signer.key and signer.pem go.")
    Path folder = Path.of("");

    @Option(names = "--name", required = true, description = "Whose it is, as agents will show it.")
    String name = "";

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "730d",
            description = "For how long (${DEFAULT-VALUE}).")
    Duration valid = Duration.ZERO;

    @Override
    public Integer call() {
        SigningKey key = SigningKey.create(folder, name, valid);
        String certificate = folder.resolve(SigningKey.CERTIFICATE).toString();
        return group.done(
                "Keep " + folder.resolve(SigningKey.KEY) + " to yourself. Agents trust it with: ./factory plugin trust "
                        + certificate,
                Map.of("certificate", certificate, "fingerprint", key.fingerprint()));
    }
}
