package org.llmfactory.database.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.llmfactory.database.ChangeFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** News within this process. */
final class LocalChanges implements ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(LocalChanges.class);
    private static final Pattern TOPIC = Pattern.compile("[a-z_]{1,60}");
    private static final int LONGEST_KEY = 200;

    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();

    @Override
    public void publish(String topic, String key) {
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("A topic has lower-case letters and underscores only: " + topic);
        }
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException("A key has between 1 and 200 characters.");
        }
        tell(topic, key);
    }

    @Override
    public Subscription subscribe(String topic, Consumer<String> listener) {
        List<Consumer<String>> own = listeners.computeIfAbsent(topic, any -> new CopyOnWriteArrayList<>());
        own.add(listener);
        return () -> own.remove(listener);
    }

    /** Tells everyone that everything may have changed. */
    void publishEverything() {
        listeners.keySet().forEach(topic -> tell(topic, EVERYTHING));
    }

    private void tell(String topic, String key) {
        for (Consumer<String> listener : listeners.getOrDefault(topic, List.of())) {
            try {
                listener.accept(key);
            } catch (RuntimeException failure) {
                // The change has been made; whoever made it and the other listeners are not to blame.
                LOG.error("A listener to changes of {} failed", topic, failure);
            }
        }
    }
}
