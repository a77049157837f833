package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.storage.testing.S3Server;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundle as it is shipped, in Felix. */
final class StorageBundleIT {
    private static final Duration CHANGE = Duration.ofSeconds(30);
    private static final String KEY = "projects/p/a";

    @TempDir
    Path folder;

    private Framework framework;
    private BundleContext context;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("framework").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.llmfactory.api.agent;version=1.1.0,org.llmfactory.api.storage;version=1.1.0,"
                                + "org.llmfactory.database;version=1.0.0,org.jspecify.annotations;version=1.0.0,"
                                + "org.slf4j;version=2.0.17,org.osgi.service.cm;version=1.6.1"));
        framework.init();
        context = framework.getBundleContext();
        context.registerService(Home.class, new FolderHome(Files.createDirectory(folder.resolve("home"))), null);
        for (Class<?> inside : new Class<?>[] {
            org.apache.felix.cm.PersistenceManager.class,
            org.apache.felix.scr.info.ScrInfo.class,
            org.osgi.service.component.ComponentContext.class,
            org.osgi.util.promise.Promise.class,
            org.osgi.util.function.Function.class,
            com.fasterxml.jackson.annotation.JsonProperty.class,
            com.fasterxml.jackson.core.JsonParser.class,
            com.fasterxml.jackson.databind.ObjectMapper.class
        }) {
            context.installBundle(jarOf(inside).toUri().toString());
        }
        context.installBundle(shipped().toUri().toString());
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
    void blobsLieInTheHomeUnlessABucketIsConfigured() throws Exception {
        await().atMost(CHANGE).until(() -> stores() == 1);
        put("in the home");
        assertThat(folder.resolve("home/objects/projects/p/a@")).isRegularFile();

        try (S3Server server = TestServers.start(Files.createDirectory(folder.resolve("s3")))) {
            useBucket(server);
            await().atMost(CHANGE).until(() -> stores() == 1 && store().list("").isEmpty());

            put("in the bucket");

            assertThat(store().list("projects")).extracting(StoredObject::key).containsExactly(KEY);
            assertThat(read()).isEqualTo("in the bucket");
        }
        configure(Map.of("kind", "file"));
        await().atMost(CHANGE).until(() -> stores() == 1 && read().equals("in the home"));
    }

    @Test
    void withAWrongConfigurationThereIsNoStore() throws Exception {
        configure(Map.of("kind", "s3", "endpoint", "http://127.0.0.1:1"));

        await().atMost(CHANGE)
                .until(() -> context.getServiceReference(ObjectStore.class) == null
                        || context.getService(context.getServiceReference(ObjectStore.class)) == null);
    }

    @Test
    void aServerThatIsAwayAtTheStartIsWaitedFor() throws Exception {
        try (S3Server server = TestServers.start(Files.createDirectory(folder.resolve("s3")))) {
            server.kill();
            await().atMost(CHANGE).until(() -> stores() == 1);
            useBucket(server);
            await().atMost(CHANGE).until(() -> stores() == 0);

            server.start();

            await().atMost(CHANGE).until(() -> stores() == 1);
            put("in the bucket");
            assertThat(read()).isEqualTo("in the bucket");
        }
    }

    private void useBucket(S3Server server) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("home/secrets"));
        Path credentials = secrets.resolve("s3.credentials");
        Files.writeString(credentials, S3Server.CREDENTIALS);
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        configure(Map.of("kind", "s3", "endpoint", server.endpoint(), "bucket", S3Server.BUCKET, "prefix", "agents"));
    }

    private void put(String content) throws IOException {
        store().put(KEY, new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    private String read() throws IOException {
        try (InputStream in = store().open(KEY, 0).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private ObjectStore store() {
        return context.getService(context.getServiceReference(ObjectStore.class));
    }

    private int stores() throws InvalidSyntaxException {
        ServiceReference<?>[] found = context.getAllServiceReferences(ObjectStore.class.getName(), null);
        return found == null ? 0 : found.length;
    }

    private void configure(Map<String, String> properties) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        context.getService(reference)
                .getConfiguration("org.llmfactory.storage", "?")
                .update(FrameworkUtil.asDictionary(properties));
    }

    private static Path jarOf(Class<?> inside) throws URISyntaxException {
        return Path.of(
                inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path shipped() throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(Path.of("target"), "org.llmfactory.storage-*-SNAPSHOT.jar")) {
            return jars.iterator().next();
        }
    }
}
