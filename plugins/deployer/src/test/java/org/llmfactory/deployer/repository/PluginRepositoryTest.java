package org.llmfactory.deployer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.deployer.state.DeploymentStore;
import org.llmfactory.deployer.state.Pin;
import org.llmfactory.deployer.testing.NamedSignatures;
import org.osgi.framework.VersionRange;

class PluginRepositoryTest {
    private static final String HELLO = "org.acme.hello";

    @TempDir
    Path folder;

    private final NamedSignatures signatures = new NamedSignatures();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private Database database;
    private DeploymentStore deployments;
    private PluginRepository repository;

    Database open() {
        return new CleanDatabase();
    }

    @BeforeEach
    void start() {
        database = open();
        Jdbi jdbi = database.open("deployer", PluginRepository.class);
        deployments = new DeploymentStore(jdbi, database.changes(), ledger, Clock.systemUTC());
        repository = new PluginRepository(jdbi, objects, new FolderHome(folder), signatures, ledger, Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        ((AutoCloseable) database).close();
    }

    @Test
    void whatIsPublishedIsStoredByItsContentAndListed() throws IOException {
        PublishedPlugin plugin = publish("org.acme.hello 1.0.0 Acme");

        assertThat(plugin.plugin()).isEqualTo(HELLO);
        assertThat(plugin.signerName()).isEqualTo("Acme");
        assertThat(repository.list()).hasSize(1);
        assertThat(repository.get(plugin.digest()).version()).isEqualTo("1.0.0");
        assertThat(objects.stat("plugins/" + plugin.digest() + ".jar")).isPresent();
        assertThat(ledger.types()).containsExactly("plugin.published");
    }

    @Test
    void theSameJarOnceMoreChangesNothing() throws IOException {
        publish("org.acme.hello 1.0.0 Acme");
        publish("org.acme.hello 1.0.0 Acme");

        assertThat(repository.list()).hasSize(1);
        assertThat(ledger.types()).hasSize(1);
    }

    @Test
    void aVersionIsOneJarForEver() throws IOException {
        publish("org.acme.hello 1.0.0 Acme");

        assertRefused(
                () -> publish("org.acme.hello 1.0 Acme again"), ErrorCode.CONFLICT, "Give this one a new version");
        assertThat(repository.list()).hasSize(1);
    }

    @Test
    void whatNobodyTrustedHasSignedIsNotPublished() {
        assertRefused(() -> publish("org.acme.hello 1.0.0 Stranger"), ErrorCode.INVALID_FILE, "not signed");
        assertThat(repository.list()).isEmpty();
    }

    @Test
    void theNewestVersionInARangeIsFound() throws IOException {
        publish("org.acme.hello 1.10.0 Acme");
        publish("org.acme.hello 1.9.0 Acme");
        publish("org.acme.hello 2.0.0 Acme");

        assertThat(repository
                        .newest(HELLO, new VersionRange("[1,2)"))
                        .orElseThrow()
                        .version())
                .isEqualTo("1.10.0");
        assertThat(repository.newest(HELLO, new VersionRange("0")).orElseThrow().version())
                .isEqualTo("2.0.0");
        assertThat(repository.newest(HELLO, new VersionRange("[3,4)"))).isEmpty();
    }

    @Test
    void whoseSignerIsTrustedNoMoreIsNotedBeforeItIsDeployed() throws IOException {
        PublishedPlugin plugin = publish("org.acme.hello 1.0.0 Acme");
        repository.verify(plugin);

        signatures.distrust("Acme");

        assertRefused(() -> repository.verify(plugin), ErrorCode.INVALID_FILE, "not signed");
    }

    @Test
    void whatADeploymentNeedsStays() throws IOException {
        PublishedPlugin plugin = publish("org.acme.hello 1.0.0 Acme");
        deployments.apply("greeting", "{}", List.of(new Pin(HELLO, plugin.version(), plugin.digest())), Actor.system());

        assertRefused(() -> repository.remove(plugin.digest(), Actor.system()), ErrorCode.CONFLICT, "greeting");

        deployments.remove("greeting", Actor.system());
        repository.remove(plugin.digest(), Actor.system());
        assertThat(repository.list()).isEmpty();
        assertThat(objects.stat("plugins/" + plugin.digest() + ".jar")).isEmpty();
        assertRefused(
                () -> repository.remove(plugin.digest(), Actor.system()), ErrorCode.NOT_FOUND, "has been published");
    }

    @Test
    void agentsFetchOnlyWhatTheyHaveBeenOrderedToDeploy() throws IOException {
        PublishedPlugin plugin = publish("org.acme.hello 1.0.0 Acme");
        PluginFiles files = new PluginFiles(repository);
        AgentAddress node = new AgentAddress("shared", "node-1");

        assertThat(files.find(node, plugin.digest())).isEmpty();
        files.grant(node, plugin.digest());
        assertThat(files.find(node, plugin.digest()))
                .hasValueSatisfying(file -> assertThat(file).hasContent("org.acme.hello 1.0.0 Acme"));
        assertThat(files.find(new AgentAddress("shared", "node-2"), plugin.digest()))
                .isEmpty();
        assertThat(files.find(node, "../" + plugin.digest())).isEmpty();
        files.revoke(node, plugin.digest());
        assertThat(files.find(node, plugin.digest())).isEmpty();
    }

    private PublishedPlugin publish(String jar) throws IOException {
        return repository.publish(Files.writeString(Files.createTempFile(folder, "p", ".jar"), jar), Actor.system());
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(reason);
    }
}
