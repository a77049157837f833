package org.llmfactory.registry.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a {@link LocalModel} for every folder of the home's models that holds a whole one, and follows changes made
 * by anyone: a pulled model appears, a removed one vanishes, a replaced one is published anew. Looks once a second, since
 * change notices are not sent on every file system.
 */
@Component(service = {})
public final class LocalModels {
    private static final Logger log = LoggerFactory.getLogger(LocalModels.class);
    private static final String[] SERVICES = {Model.class.getName(), LocalModel.class.getName()};
    private static final long PERIOD_SECONDS = 1;
    private static final long STOP_SECONDS = 30;

    /** What became of a folder; no registration when it holds no model that is served. */
    private record Seen(FolderStamp stamp, @Nullable ServiceRegistration<?> registration) {}

    private final BundleContext context;
    private final Path models;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "local-models");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> looking;

    @Activate
    public LocalModels(BundleContext context, @Reference Home home) throws IOException {
        this.context = context;
        this.models = home.models();
        Files.createDirectories(models);
        looking = watcher.scheduleWithFixedDelay(this::look, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for a look under way, then withdraws all models. */
    @Deactivate
    void stop() throws InterruptedException {
        looking.cancel(false);
        watcher.shutdown();
        if (!watcher.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            log.warn("Still reading a model after {} s; leaving it", STOP_SECONDS);
            return;
        }
        Set.copyOf(seen.keySet()).forEach(this::withdraw);
    }

    private void look() {
        try {
            Map<Path, FolderStamp> found = folders();
            for (Path gone : Set.copyOf(seen.keySet())) {
                Seen before = seen.get(gone);
                if (before != null && !before.stamp().equals(found.get(gone))) {
                    withdraw(gone);
                }
            }
            found.forEach(this::publish);
        } catch (IOException | RuntimeException e) {
            log.error("Cannot read the models folder", e);
        }
    }

    private Map<Path, FolderStamp> folders() throws IOException {
        Map<Path, FolderStamp> found = new TreeMap<>();
        try (Stream<Path> entries = Files.list(models)) {
            for (Path folder : entries.toList()) {
                if (Files.isDirectory(folder)
                        && !String.valueOf(folder.getFileName()).startsWith(".")) {
                    found.put(folder, FolderStamp.of(folder));
                }
            }
        }
        return found;
    }

    private void publish(Path folder, FolderStamp stamp) {
        if (!seen.containsKey(folder)) {
            seen.put(folder, new Seen(stamp, register(folder)));
        }
    }

    private @Nullable ServiceRegistration<?> register(Path folder) {
        try {
            ModelFolder model = ModelFolder.open(folder);
            Map<String, Object> properties = Map.of(
                    Model.ID, model.info().id(), Model.DIGEST, model.info().digest());
            log.info(
                    "Model {} is here, digest {}",
                    model.info().id(),
                    model.info().digest());
            return context.registerService(SERVICES, model, FrameworkUtil.asDictionary(properties));
        } catch (FactoryException e) {
            log.warn("No model to serve in {}: {}", folder.getFileName(), e.getMessage());
        } catch (IOException e) {
            log.warn("Cannot read the model folder {}", folder.getFileName(), e);
        }
        return null;
    }

    private void withdraw(Path folder) {
        Seen before = seen.remove(folder);
        ServiceRegistration<?> registration = before == null ? null : before.registration();
        if (registration != null) {
            registration.unregister();
            log.info("Model {} is gone", folder.getFileName());
        }
    }
}
