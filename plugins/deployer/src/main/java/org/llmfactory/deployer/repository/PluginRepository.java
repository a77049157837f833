package org.llmfactory.deployer.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.agent.SignedPlugin;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.storage.ObjectStore;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * The plugins that are ready to be deployed: signed by somebody whom this controller trusts, stored by their content. A
 * version of a plugin is one jar for ever. Safe for use by several threads.
 */
public final class PluginRepository {
    private final Jdbi jdbi;
    private final JarCache jars;
    private final PluginSignatures signatures;
    private final Ledger ledger;
    private final Clock clock;

    public PluginRepository(
            Jdbi jdbi, ObjectStore objects, Home home, PluginSignatures signatures, Ledger ledger, Clock clock) {
        this.jdbi = jdbi;
        this.jars = new JarCache(objects, home);
        this.signatures = signatures;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Everything published, by name and age. */
    public List<PublishedPlugin> list() {
        return jdbi.withHandle(handle -> new PluginTable(handle).all());
    }

    /**
     * One of them.
     *
     * @throws FactoryException {@code NOT_FOUND}
     */
    public PublishedPlugin get(String digest) {
        return jdbi.withHandle(handle -> new PluginTable(handle).find(digest)).orElseThrow(() -> unknown(digest));
    }

    /**
     * Publishes a plugin; the same jar once more changes nothing.
     *
     * @throws FactoryException {@code INVALID_FILE} when its signature is not taken here, {@code CONFLICT} when this
     *     version of it is another jar already
     */
    public PublishedPlugin publish(Path jar, Actor actor) {
        SignedPlugin signed = signatures.verify(jar);
        PublishedPlugin plugin = new PublishedPlugin(
                signed.digest(),
                signed.symbolicName(),
                Version.parseVersion(signed.version()).toString(),
                signed.signer().fingerprint(),
                signed.signer().name(),
                signed.size(),
                clock.instant());
        try {
            // Before it is in the index: what the index names is there.
            jars.store(plugin.digest(), jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jdbi.inTransaction(handle -> insert(handle, plugin, actor));
    }

    private PublishedPlugin insert(Handle handle, PublishedPlugin plugin, Actor actor) {
        PluginTable table = new PluginTable(handle);
        Optional<PublishedPlugin> same = table.find(plugin.plugin(), plugin.version());
        if (same.isPresent()) {
            if (same.get().digest().equals(plugin.digest())) {
                return same.get();
            }
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    plugin.plugin() + " " + plugin.version()
                            + " has been published already, and it is another jar (SHA-256 "
                            + same.get().digest() + "). Give this one a new version.");
        }
        table.insert(plugin);
        ledger.record(AuditEvent.of("plugin.published", actor, Optional.empty(), plugin.digest())
                .with(Map.of("plugin", plugin.plugin(), "version", plugin.version(), "signer", plugin.signerName())));
        return plugin;
    }

    /**
     * Takes a plugin out.
     *
     * @throws FactoryException {@code NOT_FOUND}, {@code CONFLICT} while a deployment needs it
     */
    public void remove(String digest, Actor actor) {
        jdbi.useTransaction(handle -> {
            PluginTable table = new PluginTable(handle);
            PublishedPlugin plugin = table.find(digest).orElseThrow(() -> unknown(digest));
            List<String> users = Users.of(handle, digest);
            if (!users.isEmpty()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        plugin.plugin() + " " + plugin.version() + " is needed by: " + String.join(", ", users)
                                + ". Remove those deployments first, or apply them with another version.");
            }
            table.delete(digest);
            ledger.record(AuditEvent.of("plugin.unpublished", actor, Optional.empty(), digest)
                    .with(Map.of("plugin", plugin.plugin(), "version", plugin.version())));
        });
        jars.remove(digest);
    }

    /** The newest published version in a range; empty when there is none. */
    public Optional<PublishedPlugin> newest(String plugin, VersionRange versions) {
        return list().stream()
                .filter(published -> published.plugin().equals(plugin))
                .filter(published -> versions.includes(Version.parseVersion(published.version())))
                .max(Comparator.comparing(published -> Version.parseVersion(published.version())));
    }

    /**
     * Checks a published plugin once more: since it came, its signer may have lost this controller's trust.
     *
     * @throws FactoryException {@code INVALID_FILE} with the reason
     */
    public void verify(PublishedPlugin plugin) {
        signatures.verify(file(plugin.digest()).orElseThrow(() -> unknown(plugin.digest())));
    }

    /** A jar as a file; empty when there is none. */
    Optional<Path> file(String digest) {
        try {
            return jars.file(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FactoryException unknown(String digest) {
        return new FactoryException(
                ErrorCode.NOT_FOUND, "No plugin with the SHA-256 " + digest + " has been published.");
    }
}
