package org.llmfactory.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.LocalBroker;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the broker while this agent is a controller of a network, and starts it again whenever it fails. */
@Component(configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class BrokerComponent {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final BundleContext context;
    private final Settings settings;
    private final NetworkIdentity identity;
    private final Path folder;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final @Nullable Thread runner;
    private volatile @Nullable EmbeddedBroker broker;

    /** Starts the broker, if this agent is a controller, in a thread of its own. */
    @Activate
    public BrokerComponent(
            BundleContext context, Config config, @Reference Home home, @Reference NetworkIdentity identity) {
        this.context = context;
        this.settings = Settings.of(config);
        this.identity = identity;
        this.folder = home.root().resolve("network").resolve("broker");
        if (identity.self().isController()) {
            runner = new Thread(this::run, "broker");
            runner.start();
        } else {
            runner = null;
        }
    }

    private void run() {
        Duration wait = Duration.ofSeconds(1);
        try {
            while (!isEnding()) {
                EmbeddedBroker started = start();
                if (started == null) {
                    LOG.info("The broker is started again in {} s", wait.toSeconds());
                    if (ending.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    wait = wait.multipliedBy(2);
                    wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
                } else {
                    wait = Duration.ofSeconds(1);
                    offer(started);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEnding() {
        return ending.getCount() == 0;
    }

    private @Nullable EmbeddedBroker start() {
        try {
            EmbeddedBroker started = EmbeddedBroker.start(settings, identity, folder);
            LOG.info("The broker of {} listens on {}", identity.self(), started.address());
            return started;
        } catch (Exception e) {
            LOG.error(
                    "The broker did not start on {}:{} with its messages in {}: {}. Free the port or set another in {}",
                    settings.host(),
                    settings.port(),
                    folder,
                    reason(e),
                    Config.PID);
            LOG.debug("Why the broker did not start", e);
            return null;
        }
    }

    private static String reason(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** Registers the service for as long as the broker runs. */
    private void offer(EmbeddedBroker started) {
        broker = started;
        ServiceRegistration<LocalBroker> registration = context.registerService(LocalBroker.class, started, null);
        try {
            if (!isEnding()) {
                started.awaitStop();
                if (!isEnding()) {
                    LOG.error("The broker has stopped; the log above says why");
                }
            }
        } finally {
            broker = null;
            registration.unregister();
            stop(started);
        }
    }

    private void stop(EmbeddedBroker started) {
        try {
            started.stop();
        } catch (Exception e) {
            LOG.warn("The broker did not stop in order", e);
        }
    }

    /** Stops the broker and waits for it. */
    @Deactivate
    public void close() throws InterruptedException {
        ending.countDown();
        EmbeddedBroker running = broker;
        if (running != null) {
            stop(running);
        }
        if (runner != null) {
            runner.join(Duration.ofSeconds(30).toMillis());
        }
    }
}
