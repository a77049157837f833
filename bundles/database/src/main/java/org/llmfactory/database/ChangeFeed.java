package org.llmfactory.database;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * News of changes, so that what is kept in memory is never old: pushed to every agent that shares the database. In one
 * process they arrive before {@link #publish} returns; on other agents within a second. Safe for use by several threads.
 */
@ProviderType
public interface ChangeFeed {
    /** What listeners hear when news may have been missed: everything may have changed. */
    String EVERYTHING = "*";

    /** Ends a subscription. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Tells that something changed. To be called after the commit.
     *
     * @param topic lower-case letters and underscores, for example {@code api_keys}
     * @param key of what changed, at most 200 characters, or {@link #EVERYTHING}
     */
    void publish(String topic, String key);

    /** Hears of changes until the subscription is closed. The listener is quick and does not fail. */
    Subscription subscribe(String topic, Consumer<String> listener);
}
