package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.llmfactory.agent.signature.PluginTrust;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.agent.SignedPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The signatures of plugins, by the certificates in {@code <home>/trust/plugins}. */
@Component(service = {PluginSignatures.class, SignedPlugins.class})
public final class SignedPlugins implements PluginSignatures {
    private final PluginTrust trust;

    @Activate
    public SignedPlugins(@Reference Home home) {
        this(home, Clock.systemUTC());
    }

    SignedPlugins(Home home, Clock clock) {
        this.trust = new PluginTrust(home.root().resolve("trust").resolve("plugins"), clock);
    }

    @Override
    public SignedPlugin verify(Path jar) {
        PluginArchive archive = PluginArchive.read(jar);
        PluginSigner signer = verify(archive, List.of());
        try {
            return new SignedPlugin(
                    archive.symbolicName(), archive.version(), archive.digest(), Files.size(jar), signer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a plugin's signature, with certificates in PEM that are trusted for this one too. */
    PluginSigner verify(PluginArchive archive, Collection<String> others) {
        return trust.verify(archive.jar(), archive.digest(), others);
    }

    @Override
    public List<PluginSigner> signers() {
        return trust.signers();
    }

    @Override
    public PluginSigner read(String certificate) {
        return trust.read(certificate);
    }

    @Override
    public PluginSigner trust(String certificate) {
        return trust.trust(certificate);
    }

    @Override
    public PluginSigner distrust(String fingerprint) {
        return trust.distrust(fingerprint);
    }
}
