package org.llmfactory.storage.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.storage.ObjectStore;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the object store once it has answered, so that whoever reads it at its start finds it. A server that is away
 * later makes single calls fail; the service stays.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.llmfactory.storage")
@Designate(ocd = Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.llmfactory.api.storage.ObjectStore\"",
        effective = "active")
public final class StoreComponent {
    private static final Logger log = LoggerFactory.getLogger(StoreComponent.class);
    private static final long RETRY_MILLIS = 1000;

    /** An object that is not there. */
    private static final String QUESTION = "is-anybody-there";

    private final BundleContext context;
    private final EncryptedObjectStore store;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-storage");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<ServiceRegistration<ObjectStore>> published = Optional.empty();
    private boolean told;
    private boolean closed;

    @Activate
    public StoreComponent(BundleContext context, @Reference Home home, Config config) throws IOException {
        this.context = context;
        this.store = new EncryptedObjectStore(raw(home, config), home.secrets().resolve("storage.key"));
        Future<?> unused = asking.scheduleWithFixedDelay(this::ask, 0, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static RawStore raw(Home home, Config config) throws IOException {
        return switch (config.kind()) {
            case "file" -> new FileObjectStore(home.objects());
            case "s3" -> new S3ObjectStore(S3Settings.of(config, home.secrets()));
            default -> throw new IllegalArgumentException("The kind of the object store must be file or s3.");
        };
    }

    private void ask() {
        try {
            Optional<?> unused = store.stat(QUESTION);
            publish();
        } catch (IOException | RuntimeException e) {
            if (!told) {
                log.warn("The object store does not answer; it is asked again until it does", e);
            }
            told = true;
        }
    }

    private synchronized void publish() {
        if (!closed) {
            published = Optional.of(context.registerService(ObjectStore.class, store, null));
        }
        asking.shutdown();
    }

    @Deactivate
    void close() {
        asking.shutdownNow();
        synchronized (this) {
            closed = true;
        }
        published.ifPresent(ServiceRegistration::unregister);
        store.close();
    }
}
