package org.llmfactory.launcher.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.signing.PluginSigner;
import org.llmfactory.launcher.signing.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Signs a plugin. */
@Command(name = "sign", description = "Sign a plugin, so that agents that trust the signer take it.")
final class PluginSignCommand implements Callable<Integer> {
    @ParentCommand
    PluginCommand group = new PluginCommand();

    @Parameters(paramLabel = "JAR", description = "The plugin's bundle.")
    Path jar = Path.of("");

    @Option(names = "--key", paramLabel = "DIR", required = true, description = "What keygen has made.")
    Path key = Path.of("");

    @Option(names = "--out", paramLabel = "JAR", description = "Where the signed one goes (default: in its place).")
    @Nullable
    Path out;

    @Override
    public Integer call() {
        SigningKey signer = SigningKey.read(key);
        Path target = out == null ? jar : out;
        new PluginSigner(signer).sign(jar, target);
        return group.done("Signed " + target, Map.of("file", target.toString(), "fingerprint", signer.fingerprint()));
    }
}
