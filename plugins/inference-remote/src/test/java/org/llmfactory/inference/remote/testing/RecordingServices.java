package org.llmfactory.inference.remote.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.inference.remote.Services;

/** Keeps what is published, while it is. */
public final class RecordingServices implements Services {
    /** A service that is there. */
    public record Published(Class<?> type, Object service, Map<String, ?> properties) {}

    private final List<Published> published = new CopyOnWriteArrayList<>();

    @Override
    public <S> Runnable publish(Class<S> type, S service, Map<String, ?> properties) {
        Published made = new Published(type, service, Map.copyOf(properties));
        published.add(made);
        return () -> {
            if (!published.remove(made)) {
                throw new IllegalStateException("This service has been taken back already");
            }
        };
    }

    /** What is there of a type. */
    public <S> List<S> of(Class<S> type) {
        return published.stream()
                .filter(one -> one.type().equals(type))
                .map(one -> type.cast(one.service()))
                .toList();
    }

    /** Properties of what is there of a type. */
    public List<? extends Map<String, ?>> propertiesOf(Class<?> type) {
        return published.stream()
                .filter(one -> one.type().equals(type))
                .map(Published::properties)
                .toList();
    }
}
