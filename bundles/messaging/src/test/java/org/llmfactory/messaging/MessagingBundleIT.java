package org.llmfactory.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.api.network.Membership;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** The bundle as it is shipped, in Felix. */
class MessagingBundleIT {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final IssuingAuthority root = IssuingAuthority.newRoot("central", Instant.now());

    @TempDir
    Path folder;

    private Framework framework;
    private BundleContext context;

    @BeforeEach
    void startFramework() throws Exception {
        String shared = Stream.of(
                        "org.llmfactory.api.agent;version=1.1.0",
                        "org.llmfactory.api.error;version=1.0.0",
                        "org.llmfactory.api.network;version=1.0.0",
                        "org.llmfactory.messaging.identity;version=1.0.0",
                        "org.jspecify.annotations;version=1.0.0",
                        "org.slf4j;version=2.0.17",
                        "org.slf4j.helpers;version=2.0.17",
                        "org.slf4j.spi;version=2.0.17",
                        "org.slf4j.event;version=2.0.17")
                .collect(Collectors.joining(","));
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("framework").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        shared));
        framework.init();
        context = framework.getBundleContext();
        context.registerService(Home.class, new FolderHome(Files.createDirectory(folder.resolve("home"))), null);
        for (Class<?> inside : new Class<?>[] {
            org.apache.felix.scr.info.ScrInfo.class,
            org.osgi.service.component.ComponentContext.class,
            org.osgi.util.promise.Promise.class,
            org.osgi.util.function.Function.class,
            com.fasterxml.jackson.annotation.JsonProperty.class,
            com.fasterxml.jackson.core.JsonParser.class,
            com.fasterxml.jackson.databind.ObjectMapper.class,
            org.bouncycastle.jce.provider.BouncyCastleProvider.class,
            org.bouncycastle.cert.X509CertificateHolder.class,
            org.bouncycastle.asn1.cms.CMSObjectIdentifiers.class,
            jakarta.jms.Message.class
        }) {
            install(jarOf(inside));
        }
        install(shipped());
        framework.start();
        for (Bundle bundle : context.getBundles()) {
            bundle.start();
        }
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.stop();
        assertThat(framework.waitForStop(60_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
    }

    @Test
    void servicesComeAndGoWithTheIdentity() {
        IdentityKeeper keeper = service(IdentityKeeper.class);
        assertThat(present(NetworkIdentity.class)).isFalse();
        assertThat(present(ControlPlane.class)).isFalse();
        join(keeper);
        assertThat(service(Membership.class).self()).isEqualTo(NODE);
        assertThat(service(NetworkIdentity.class).region()).isEqualTo("central");
        assertThat(present(ControlPlane.class)).isTrue();
        keeper.forget();
        assertThat(present(Membership.class)).isFalse();
        assertThat(present(ControlPlane.class)).isFalse();
        assertThat(folder.resolve("home/network")).isEmptyDirectory();
    }

    @Test
    void anActionIsOfferedWhileItsServiceIsThere() throws Exception {
        join(service(IdentityKeeper.class));
        ServiceRegistration<?> registration = context.registerService(AgentAction.class, new Greeting(), null);
        ControlPlane plane = service(ControlPlane.class);
        assertThat(plane.call(NODE, "test.greet", new Greeting.Words("hello"), Greeting.Words.class, DEADLINE)
                        .get()
                        .text())
                .isEqualTo("hello shared/node-1");
        assertThat(plane.callJson(NODE, "agent.actions", "{}", DEADLINE).get()).contains("test.greet");
        registration.unregister();
        assertThat(plane.callJson(NODE, "agent.actions", "{}", DEADLINE).get()).doesNotContain("test.greet");
    }

    /** Some actions need the data plane, which needs the control plane: they cannot be bound while that is being made. */
    @Test
    @SuppressWarnings("rawtypes") // as the service registry has them
    void actionsAreBoundBeforeThereIsAControlPlane() {
        AtomicInteger asked = new AtomicInteger();
        context.registerService(
                AgentAction.class,
                new ServiceFactory<>() {
                    @Override
                    public AgentAction<?, ?> getService(Bundle user, ServiceRegistration<AgentAction> registration) {
                        asked.incrementAndGet();
                        return new Greeting();
                    }

                    @Override
                    public void ungetService(
                            Bundle user, ServiceRegistration<AgentAction> registration, AgentAction service) {
                        // Nothing to give back.
                    }
                },
                null);

        await().atMost(DEADLINE).until(() -> asked.get() == 1);
        assertThat(present(ControlPlane.class)).isFalse();
    }

    @Test
    void theIdentityIsThereAgainWhenTheBundleIs() throws BundleException {
        join(service(IdentityKeeper.class));
        Bundle messaging = bundle("org.llmfactory.messaging");
        messaging.stop();
        assertThat(present(Membership.class)).isFalse();
        messaging.start();
        await().atMost(DEADLINE).until(() -> present(ControlPlane.class));
        assertThat(service(Membership.class).self()).isEqualTo(NODE);
    }

    /** An action of another bundle. */
    static final class Greeting implements AgentAction<Greeting.Words, Greeting.Words> {
        record Words(@Meaning("some words") String text) {}

        @Override
        public String name() {
            return "test.greet";
        }

        @Override
        public String why() {
            return "Says who has asked";
        }

        @Override
        public Class<Words> arguments() {
            return Words.class;
        }

        @Override
        public Class<Words> result() {
            return Words.class;
        }

        @Override
        public Callers callers() {
            return Callers.NETWORK;
        }

        @Override
        public Words perform(AgentAddress caller, Words words) {
            return new Words(words.text() + " " + caller);
        }
    }

    private void join(IdentityKeeper keeper) {
        keeper.accept(new Credential(
                root.certifyAgent(SigningRequest.verify(keeper.request()), NODE, Instant.now()),
                root.root(),
                List.of(),
                Set.of(AgentAddress.parse("platform/central"))));
    }

    private boolean present(Class<?> type) {
        return context.getServiceReference(type) != null;
    }

    private <T> T service(Class<T> type) {
        ServiceReference<T> reference = context.getServiceReference(type);
        assertThat(reference).as(type.getName()).isNotNull();
        return context.getService(reference);
    }

    private Bundle bundle(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError(symbolicName);
    }

    private void install(Path jar) throws BundleException {
        context.installBundle(jar.toUri().toString());
    }

    private static Path jarOf(Class<?> inside) throws URISyntaxException {
        return Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path shipped() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Path.of("target"), "org.llmfactory.messaging-*-SNAPSHOT.jar")) {
            return jars.iterator().next();
        }
    }
}
