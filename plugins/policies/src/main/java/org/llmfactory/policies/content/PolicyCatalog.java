package org.llmfactory.policies.content;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies in force, compiled and in memory. Read anew after every change, on whichever agent it was made. */
@Component(service = PolicyCatalog.class)
public final class PolicyCatalog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyCatalog.class);

    private final PolicyStore store;
    private final ChangeFeed.Subscription subscription;
    private volatile @Nullable Map<Key, Optional<ActivePolicy>> policies;
    private int changes;

    private record Key(Optional<String> project, String name) {}

    @Activate
    public PolicyCatalog(@Reference PolicyStore store, @Reference Database database) {
        this.store = store;
        this.subscription = database.changes().subscribe(PolicyStore.TOPIC, changed -> forget());
    }

    /** What a project means by a name: a policy of its own, or else the organization's. */
    public Optional<ActivePolicy> find(String project, String name) {
        Map<Key, Optional<ActivePolicy>> known = policies;
        Map<Key, Optional<ActivePolicy>> all = known == null ? load() : known;
        Optional<ActivePolicy> organizations = all.getOrDefault(new Key(Optional.empty(), name), Optional.empty());
        return all.getOrDefault(new Key(Optional.of(project), name), organizations);
    }

    private synchronized void forget() {
        changes++;
        policies = null;
    }

    private Map<Key, Optional<ActivePolicy>> load() {
        int before = changes();
        Map<Key, Optional<ActivePolicy>> loaded = new HashMap<>();
        for (StoredPolicy policy : store.newest()) {
            loaded.put(new Key(policy.project(), policy.name()), compile(policy));
        }
        keep(loaded, before);
        return loaded;
    }

    /** Empty for one that cannot be read: whoever names it is refused, and gets no other in its place. */
    private static Optional<ActivePolicy> compile(StoredPolicy policy) {
        try {
            return Optional.of(ActivePolicy.compile(policy));
        } catch (FactoryException | IllegalArgumentException failure) {
            LOG.error(
                    "The content policy {}@{} cannot be read; projects that name it are refused.",
                    policy.name(),
                    policy.version(),
                    failure);
            return Optional.empty();
        }
    }

    private synchronized int changes() {
        return changes;
    }

    /** Not kept when something changed meanwhile. */
    private synchronized void keep(Map<Key, Optional<ActivePolicy>> loaded, int before) {
        if (changes == before) {
            policies = Map.copyOf(loaded);
        }
    }

    @Deactivate
    @Override
    public void close() {
        subscription.close();
    }
}
