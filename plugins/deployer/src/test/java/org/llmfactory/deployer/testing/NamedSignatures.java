package org.llmfactory.deployer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.agent.SignedPlugin;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.Sha256;

/** Takes jars that say in words what they are and who signed them: {@code org.acme.hello 1.0.0 Acme}. */
public final class NamedSignatures implements PluginSignatures {
    private final Set<String> trusted = new TreeSet<>(Set.of("Acme"));

    @Override
    public SignedPlugin verify(Path jar) {
        try {
            String text = Files.readString(jar);
            String[] words = text.split(" ", 4);
            if (words.length < 3 || !trusted.contains(words[2])) {
                throw new FactoryException(ErrorCode.INVALID_FILE, "'" + text + "' is not signed by anyone trusted.");
            }
            return new SignedPlugin(words[0], words[1], Sha256.hex(text), text.length(), signer(words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<PluginSigner> signers() {
        return trusted.stream().map(NamedSignatures::signer).toList();
    }

    @Override
    public PluginSigner read(String certificate) {
        return signer(certificate);
    }

    @Override
    public PluginSigner trust(String certificate) {
        trusted.add(certificate);
        return signer(certificate);
    }

    @Override
    public PluginSigner distrust(String fingerprint) {
        trusted.remove(fingerprint);
        return signer(fingerprint);
    }

    private static PluginSigner signer(String name) {
        return new PluginSigner(name, name, Instant.EPOCH, Instant.MAX, false, "certificate of " + name);
    }
}
