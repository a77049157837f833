package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.database.probe.ProbeActivator;
import org.llmfactory.database.testing.PostgresServer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The bundle as it is shipped, in Felix, with a plugin that has tables. */
final class DatabaseBundleIT {
    private static final Duration OPEN = Duration.ofSeconds(60);

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
                        "org.llmfactory.api.agent;version=1.1.0,org.llmfactory.api.error;version=1.0.0,"
                                + "org.jspecify.annotations;version=1.0.0,"
                                + "org.slf4j;version=2.0.17,org.slf4j.helpers;version=2.0.17,"
                                + "org.slf4j.spi;version=2.0.17,org.slf4j.event;version=2.0.17,"
                                + "org.osgi.service.cm;version=1.6.1,org.apache.felix.hc.api;version=2.0.0"));
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
            install(jarOf(inside));
        }
        install(shipped());
        context.installBundle("probe", probe());
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
    void withoutAConfigurationNoDatabaseIsMade() throws Exception {
        assertThat(health()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
        assertThat(probes()).isEmpty();
        assertThat(folder.resolve("home")).isEmptyDirectory();
    }

    @Test
    void aPluginKeepsItsTablesInTheHome() throws Exception {
        configure(Map.of());

        assertThat(visit()).isEqualTo(1);
        assertThat(folder.resolve("home/database/service.properties")).isRegularFile();
        await().atMost(OPEN).until(() -> health() == Result.Status.OK);

        bundle("org.llmfactory.database").stop();
        assertThat(probes()).isEmpty();
        bundle("org.llmfactory.database").start();

        assertThat(visit()).isEqualTo(2);
    }

    @Test
    void postgresqlOpensOnceItsDriverIsThereAndGoesWithIt() throws Exception {
        PostgresServer server = PostgresServer.shared();
        Path passwordFile = Files.writeString(folder.resolve("password"), server.password() + '\n');
        configure(Map.of());
        assertThat(visit()).isEqualTo(1);

        configure(Map.of(
                "url", server.jdbcUrl(server.newDatabase()),
                "user", PostgresServer.USER,
                "passwordFile", passwordFile.toString()));
        await().atMost(OPEN).until(() -> probes().length == 0);
        await().atMost(OPEN).until(() -> health() == Result.Status.TEMPORARILY_UNAVAILABLE);
        Bundle driver = install(jarOf(org.postgresql.Driver.class));
        driver.start();

        assertThat(visit()).isEqualTo(1);
        driver.stop();
        assertThat(probes()).isEmpty();
        driver.start();
        assertThat(visit()).isEqualTo(2);
    }

    private void configure(Map<String, String> properties) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        Configuration configuration = context.getService(reference).getConfiguration("org.llmfactory.database", "?");
        configuration.update(FrameworkUtil.asDictionary(properties));
    }

    private Result.Status health() {
        ServiceReference<HealthCheck> reference = context.getServiceReference(HealthCheck.class);
        return reference == null
                ? Result.Status.HEALTH_CHECK_ERROR
                : context.getService(reference).execute().getStatus();
    }

    private int visit() throws InvalidSyntaxException {
        await().atMost(OPEN).until(() -> probes().length == 1);
        return (Integer) ((Supplier<?>) context.getService(probes()[0])).get();
    }

    private ServiceReference<?>[] probes() throws InvalidSyntaxException {
        ServiceReference<?>[] found = context.getServiceReferences(Supplier.class.getName(), "(probe=true)");
        return found == null ? new ServiceReference<?>[0] : found;
    }

    private Bundle bundle(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError(symbolicName);
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
                Files.newDirectoryStream(Path.of("target"), "org.llmfactory.database-*-SNAPSHOT.jar")) {
            return jars.iterator().next();
        }
    }

    private static InputStream probe() {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "probe");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, ProbeActivator.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE,
                "org.llmfactory.database,org.jdbi.v3.core,org.jdbi.v3.core.statement,org.jdbi.v3.core.result,"
                        + "org.jdbi.v3.core.config,org.jdbi.v3.core.transaction,org.osgi.framework,org.osgi.util.tracker");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            String name = ProbeActivator.class.getName().replace('.', '/');
            add(jar, name + ".class");
            add(jar, name + "$1.class");
            add(jar, "db/migration/probe/V1__visits.sql");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static void add(JarOutputStream jar, String name) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        try (InputStream in = ProbeActivator.class.getClassLoader().getResourceAsStream(name)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }
}
