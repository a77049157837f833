package org.llmfactory.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.jms.JmsLink;
import org.llmfactory.messaging.link.Link;
import org.llmfactory.messaging.link.LocalBroker;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;

/** The broker and the link as they are shipped, in Felix, with a node outside of it. */
final class BrokerBundleIT {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");

    private static final Duration USEFUL = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private TestNetwork network;
    private AgentAddress controller;
    private Framework framework;
    private BundleContext context;
    private Bundle broker;

    @BeforeEach
    void startFramework() throws Exception {
        network = new TestNetwork(folder);
        controller = network.authority().controller();
        Path home = network.newHome();
        network.authority().identity(controller, home);
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("framework").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.llmfactory.api.agent;version=1.1.0,org.llmfactory.api.error;version=1.0.0,"
                                + "org.llmfactory.api.network;version=1.0.0,"
                                + "org.llmfactory.messaging.identity;version=1.0.0,"
                                + "org.llmfactory.messaging.link;version=1.0.0,"
                                + "org.jspecify.annotations;version=1.0.0,"
                                + "org.slf4j;version=2.0.17,org.slf4j.helpers;version=2.0.17,"
                                + "org.slf4j.spi;version=2.0.17,org.slf4j.event;version=2.0.17,"
                                + "org.osgi.service.cm;version=1.6.1"));
        framework.init();
        context = framework.getBundleContext();
        context.registerService(Home.class, new FolderHome(home), null);
        for (Class<?> inside : new Class<?>[] {
            org.apache.felix.cm.PersistenceManager.class,
            org.apache.felix.scr.info.ScrInfo.class,
            org.osgi.service.component.ComponentContext.class,
            org.osgi.util.promise.Promise.class,
            org.osgi.util.function.Function.class,
            com.fasterxml.jackson.annotation.JsonProperty.class,
            com.fasterxml.jackson.core.JsonParser.class,
            com.fasterxml.jackson.databind.ObjectMapper.class,
            org.bouncycastle.asn1.ASN1Object.class,
            org.bouncycastle.cert.X509CertificateHolder.class,
            org.bouncycastle.asn1.cms.ContentInfo.class,
            jakarta.jms.Message.class,
            JmsLink.class
        }) {
            install(jarOf(inside));
        }
        broker = install(shipped());
        framework.start();
        for (Bundle bundle : context.getBundles()) {
            if (bundle != broker) {
                bundle.start();
            }
        }
        configure(0);
        broker.start();
    }

    private void configure(int port) throws IOException {
        service(ConfigurationAdmin.class)
                .getConfiguration(Config.PID, "?")
                .update(FrameworkUtil.asDictionary(Map.of("port", port)));
    }

    @AfterEach
    void stopFramework() throws Exception {
        network.stop();
        framework.stop();
        assertThat(framework.waitForStop(60_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void framesOfTheLinkInsideArriveOutside(Lane lane) throws Exception {
        Link inside = service(Link.class);
        Queue<byte[]> heard = new ConcurrentLinkedQueue<>();
        outside().receive(lane, heard::add);

        await().atMost(TestNetwork.PATIENCE).until(() -> {
            inside.send(lane, NODE, new byte[] {1, 2, 3}, USEFUL);
            return !heard.isEmpty();
        });

        assertThat(heard.peek()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource(names = {"LIVE", "DATA"})
    void framesFromOutsideArriveAtTheLinkInside(Lane lane) throws Exception {
        Queue<byte[]> heard = new ConcurrentLinkedQueue<>();
        service(Link.class).receive(lane, heard::add);
        JmsLink outside = outside();

        await().atMost(TestNetwork.PATIENCE).until(() -> {
            outside.send(lane, controller, new byte[] {1, 2, 3}, USEFUL);
            return !heard.isEmpty();
        });

        assertThat(heard.peek()).containsExactly(1, 2, 3);
    }

    private JmsLink outside() throws IOException {
        return network.link(network.agent(NODE, service(LocalBroker.class).address()));
    }

    @Test
    void serviceGoesWithTheBrokerAndTheLinkComesBackWithIt() throws Exception {
        Link link = service(Link.class);
        await().atMost(TestNetwork.PATIENCE).until(() -> link.isUp(Lane.CONTROL));

        broker.stop();
        assertThat(context.getServiceReference(LocalBroker.class)).isNull();
        await().atMost(TestNetwork.PATIENCE).until(() -> !link.isUp(Lane.CONTROL));

        broker.start();
        await().atMost(TestNetwork.PATIENCE).until(() -> link.isUp(Lane.CONTROL));
        assertThat(service(LocalBroker.class).address().getScheme()).isEqualTo("ssl");
    }

    @Test
    void aPortThatIsTakenIsTriedAgain() throws Exception {
        broker.stop();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure(taken.getLocalPort());
            broker.start();
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> context.getServiceReference(LocalBroker.class) == null);
        }

        assertThat(service(LocalBroker.class).address().getScheme()).isEqualTo("ssl");
    }

    private <S> S service(Class<S> type) {
        await().atMost(TestNetwork.PATIENCE).until(() -> context.getServiceReference(type) != null);
        ServiceReference<S> reference = context.getServiceReference(type);
        return context.getService(reference);
    }

    private Bundle install(Path jar) throws BundleException {
        return context.installBundle(jar.toUri().toString());
    }

    private static Path jarOf(Class<?> inside) throws URISyntaxException {
        return Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path shipped() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Path.of("target"), "org.llmfactory.broker-*-SNAPSHOT.jar")) {
            return jars.iterator().next();
        }
    }
}
