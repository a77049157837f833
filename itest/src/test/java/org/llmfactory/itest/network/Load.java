package org.llmfactory.itest.network;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/** Clients that send one request after the other until they are told to stop, each in a thread of its own. */
final class Load implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(100);

    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** A request whose answer is complete and right when this returns. */
    @FunctionalInterface
    interface Request {
        void send() throws Exception;
    }

    /** Adds clients, which begin at once. */
    Load with(int count, Request request) {
        for (int i = 0; i < count; i++) {
            Thread client = new Thread(() -> run(request), "client");
            client.setDaemon(true);
            client.start();
            clients.add(client);
        }
        return this;
    }

    private void run(Request request) {
        while (!stopped) {
            try {
                request.send();
                answers.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            } catch (Exception | AssertionError e) {
                failures.add(e.toString());
            }
        }
    }

    /** Waits until so many more have been answered. */
    void awaitMore(int count) {
        int wanted = answers.get() + count;
        await().atMost(DEADLINE).until(() -> answers.get() >= wanted || !failures.isEmpty());
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits for the last answers. */
    @Override
    public void close() {
        stopped = true;
        try {
            await().atMost(DEADLINE).until(() -> clients.stream().noneMatch(Thread::isAlive));
        } catch (ConditionTimeoutException e) {
            failures.add("A request was not answered within " + DEADLINE);
            clients.forEach(Thread::interrupt);
        }
    }
}
