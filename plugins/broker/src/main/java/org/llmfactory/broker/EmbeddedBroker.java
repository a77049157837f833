package org.llmfactory.broker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.store.SharedFileLocker;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.activemq.usage.SystemUsage;
import org.llmfactory.api.network.Lane;
import org.llmfactory.broker.bridge.ParentConnector;
import org.llmfactory.broker.guard.Guard;
import org.llmfactory.broker.guard.GuardedConnector;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.LocalBroker;

/** One run of the broker, from start to stop. */
final class EmbeddedBroker implements LocalBroker {
    private static final long MIB = 1024L * 1024;

    private final BrokerService service;
    private final GuardedConnector connector;
    private final Settings settings;

    private EmbeddedBroker(BrokerService service, GuardedConnector connector, Settings settings) {
        this.service = service;
        this.connector = connector;
        this.settings = settings;
    }

    /**
     * Starts a broker.
     *
     * @param folder for messages that wait
     * @throws Exception why it did not start, with nothing left behind
     */
    static EmbeddedBroker start(Settings settings, NetworkIdentity identity, Path folder) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        // ActiveMQ finds its parts by name.
        thread.setContextClassLoader(BrokerService.class.getClassLoader());
        BrokerService service = new BrokerService();
        try {
            configure(service, settings, identity, folder);
            GuardedConnector connector = new GuardedConnector(settings.listen());
            service.addConnector(connector);
            for (Lane lane : Lane.values()) {
                service.addNetworkConnector(new ParentConnector(lane, identity));
            }
            service.start();
            return new EmbeddedBroker(service, connector, settings);
        } catch (Exception e) {
            service.stop();
            throw e;
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    private static void configure(BrokerService service, Settings settings, NetworkIdentity identity, Path folder)
            throws Exception {
        service.setBrokerName(identity.self().name());
        service.setUseJmx(false);
        service.setUseShutdownHook(false);
        service.setUseVirtualTopics(false);
        service.setSchedulerSupport(false);
        service.setAnonymousProducerAdvisorySupport(false);
        service.setAllowTempAutoCreationOnSend(false);
        service.setStartAsync(false);
        service.setSslContext(new IdentityTls(identity));
        service.setPersistenceAdapter(store(folder));
        service.setTmpDataDirectory(folder.resolve("temporary").toFile());
        service.setDestinationPolicy(LanePolicies.all());
        service.setSchedulePeriodForDestinationPurge(10_000);
        service.setPlugins(new BrokerPlugin[] {next -> new Guard(next, identity.trust())});
        SystemUsage usage = service.getSystemUsage();
        usage.getMemoryUsage().setLimit(settings.memoryLimitMiB() * MIB);
        usage.getStoreUsage().setLimit(settings.storeLimitMiB() * MIB);
        usage.getTempUsage().setLimit(settings.memoryLimitMiB() * MIB);
        usage.setSendFailIfNoSpace(true);
    }

    private static KahaDBPersistenceAdapter store(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        SharedFileLocker lock = new SharedFileLocker();
        lock.setFailIfLocked(true);
        KahaDBPersistenceAdapter store = new KahaDBPersistenceAdapter();
        store.setDirectory(folder.toFile());
        store.setJournalMaxFileLength((int) (16 * MIB));
        store.setCheckForCorruptJournalFiles(true);
        store.setLocker(lock);
        return store;
    }

    boolean isRunning() {
        return service.isStarted() && !service.isStopping();
    }

    /** Waits until it has stopped, for whatever reason. */
    void awaitStop() {
        service.waitUntilStopped();
    }

    /** What runs. */
    BrokerService service() {
        return service;
    }

    private int port() {
        return connector.port();
    }

    @Override
    public URI address() {
        return URI.create("ssl://" + settings.local() + ':' + port());
    }

    @Override
    public URI advertised() {
        return URI.create("ssl://" + settings.advertised() + ':' + port());
    }

    /** Stops and waits until it has; without effect when it has already. */
    void stop() throws Exception {
        service.stop();
        service.waitUntilStopped();
    }
}
