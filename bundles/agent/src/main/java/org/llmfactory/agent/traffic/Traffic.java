package org.llmfactory.agent.traffic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.llmfactory.agent.traffic.RouteTable.Route;

/**
 * Counts the requests at work in each bundle, and holds back new ones for the bundles that are closed. Safe for use by
 * several threads.
 */
public final class Traffic {
    private final RouteTable routes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Integer> atWork = new HashMap<>();
    private final Map<String, Set<String>> closed = new HashMap<>();

    Traffic(RouteTable routes) {
        this.routes = routes;
    }

    /** A request at work; closed when it has been answered. */
    public interface Passage extends AutoCloseable {
        @Override
        void close();
    }

    /** Bundles that are closed; opened again by {@link #close}. */
    public interface Closure extends AutoCloseable {
        /** Waits until no request is at work in them; false when the deadline passed first. */
        boolean awaitIdle(Duration deadline) throws InterruptedException;

        @Override
        void close();
    }

    /**
     * Lets a request pass, after waiting while its bundle is closed; after {@code patience} it passes anyway and gets
     * what is there.
     */
    public Passage enter(String path, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = patience.toNanos();
            while (isClosed(path) && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            String owner = routes.match(path).map(Route::owner).orElse("");
            atWork.merge(owner, 1, Integer::sum);
            return () -> leave(owner);
        } finally {
            lock.unlock();
        }
    }

    /** Closes bundles: requests to where they answer now wait, until they answer there again. */
    public Closure close(Set<String> owners) {
        Set<String> mine = Set.copyOf(owners);
        lock.lock();
        try {
            for (String owner : mine) {
                closed.put(owner, routes.prefixes(owner));
            }
        } finally {
            lock.unlock();
        }
        return new Closure() {
            @Override
            public boolean awaitIdle(Duration deadline) throws InterruptedException {
                return Traffic.this.awaitIdle(mine, deadline);
            }

            @Override
            public void close() {
                open(mine);
            }
        };
    }

    private boolean isClosed(String path) {
        OptionalInt closedPrefix = closed.values().stream()
                .flatMap(Set::stream)
                .filter(prefix -> RouteTable.matches(prefix, path))
                .mapToInt(String::length)
                .max();
        if (closedPrefix.isEmpty()) {
            return false;
        }
        // What is open and has the longer path goes on being served.
        Optional<Route> route = routes.match(path);
        return route.isEmpty()
                || closed.containsKey(route.get().owner())
                || route.get().prefix().length() < closedPrefix.getAsInt();
    }

    private boolean awaitIdle(Set<String> owners, Duration deadline) throws InterruptedException {
        long nanos = deadline.toNanos();
        lock.lockInterruptibly();
        try {
            while (owners.stream().anyMatch(atWork::containsKey)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(String owner) {
        lock.lock();
        try {
            atWork.computeIfPresent(owner, (name, count) -> count > 1 ? count - 1 : null);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void open(Set<String> owners) {
        lock.lock();
        try {
            closed.keySet().removeAll(owners);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The bundles that answer requests, by symbolic name. */
    public Set<String> owners() {
        return routes.owners();
    }

    /** Requests at work in a bundle. */
    public int atWork(String owner) {
        lock.lock();
        try {
            return atWork.getOrDefault(owner, 0);
        } finally {
            lock.unlock();
        }
    }
}
