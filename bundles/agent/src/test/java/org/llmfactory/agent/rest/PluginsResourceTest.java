package org.llmfactory.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.access.Action;
import org.llmfactory.agent.plugin.SignedPlugins;
import org.llmfactory.agent.signature.TestSigner;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.rest.Callers;
import org.osgi.framework.BundleContext;

class PluginsResourceTest {
    private static final SecurityContext ADMINISTRATOR = Callers.securityContext(Caller.platform(), "127.0.0.1", false);

    @TempDir
    Path home;

    private final RecordingPluginManager plugins = new RecordingPluginManager();
    private SignedPlugins signatures;
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final PluginAudit audit = new PluginAudit();
    private final PluginsResource resource = new PluginsResource(plugins, audit);

    @BeforeEach
    void connect() {
        audit.ledger = ledger;
        signatures = new SignedPlugins(new FolderHome(home));
    }

    @Test
    void theBodyIsDeployedAsAJar() throws IOException {
        byte[] jar = "jar".getBytes(StandardCharsets.UTF_8);

        PluginInfo info = resource.deploy(ADMINISTRATOR, new ByteArrayInputStream(jar));

        assertThat(info.symbolicName()).isEqualTo("jar");
        assertThat(plugins.seen).noneMatch(Files::exists);
        assertThat(resource.list().data()).containsExactly(info);
    }

    @Test
    void aRemovedPluginIsNamedInTheAnswer() {
        assertThat(resource.undeploy(ADMINISTRATOR, "gone").symbolicName()).isEqualTo("gone");
        assertThat(plugins.removed).containsExactly("gone");
    }

    @Test
    void onlyThoseWhoOperateThePlatformReachThem() {
        assertThat(new AdminApplication(plugins, signatures, catalog(), audit).endpoints())
                .isNotEmpty()
                .allSatisfy(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    @Test
    void whatIsDoneIsInTheLedgerAndWithoutOneItIsDoneAllTheSame() throws IOException {
        resource.deploy(ADMINISTRATOR, new ByteArrayInputStream(new byte[0]));
        resource.undeploy(ADMINISTRATOR, "gone");
        audit.ledger = null;
        resource.undeploy(ADMINISTRATOR, "other");

        assertThat(ledger.types()).containsExactly("plugin.deployed", "plugin.undeployed");
        assertThat(plugins.removed).containsExactly("gone", "other");
    }

    @Test
    void signersAreTrustedListedAndDistrusted() throws IOException {
        SignersResource signers = new SignersResource(signatures, audit);
        TestSigner acme = TestSigner.named("Acme");

        SignersResource.SignerObject trusted = signers.trust(ADMINISTRATOR, body(acme.pem()));

        assertThat(trusted.id()).isEqualTo(acme.fingerprint());
        assertThat(trusted.expiresAt())
                .isEqualTo(acme.certificate().getNotAfter().toInstant().getEpochSecond());
        assertThat(signers.list().data()).containsExactly(trusted);
        assertThat(signers.distrust(ADMINISTRATOR, acme.fingerprint()).deleted())
                .isTrue();
        assertThat(signers.list().data()).isEmpty();
        assertThat(ledger.types()).containsExactly("plugin_signer.trusted", "plugin_signer.distrusted");
    }

    @Test
    void whatIsNoCertificateIsNotEvenEntered() {
        SignersResource signers = new SignersResource(signatures, audit);

        assertThatThrownBy(() -> signers.trust(ADMINISTRATOR, body("hello"))).isInstanceOf(FactoryException.class);
        assertThat(ledger.types()).isEmpty();
    }

    @Test
    void theCatalogueKnowsWholePathsAndRules() {
        AdminApplication application = new AdminApplication(plugins, signatures, catalog(), audit);

        assertThat(EndpointCatalog.entries(application, "/admin"))
                .contains(new EndpointCatalog.Entry(
                        "DELETE", "/admin/plugins/{symbolicName}", "operate_platform", "platform"));
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One that is not asked. */
    private static EndpointCatalog catalog() {
        return new EndpointCatalog((BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    private static final class RecordingPluginManager implements PluginManager {
        private final List<PluginInfo> deployed = new ArrayList<>();
        private final List<Path> seen = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();

        @Override
        public List<PluginInfo> list() {
            return deployed;
        }

        @Override
        public PluginInfo deploy(Path jar) {
            seen.add(jar);
            try {
                deployed.add(new PluginInfo(Files.readString(jar), "1.0.0", "active", "0".repeat(64), true));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return deployed.get(0);
        }

        @Override
        public void undeploy(String symbolicName) {
            removed.add(symbolicName);
        }
    }
}
