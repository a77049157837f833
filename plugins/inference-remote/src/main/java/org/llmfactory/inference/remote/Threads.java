package org.llmfactory.inference.remote;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Pools of named threads; none of them has a thread before there is something to do. */
public final class Threads {
    private static final long IDLE_SECONDS = 30;

    private Threads() {}

    /** A thread for each thing that is being done, for what may wait. */
    public static ExecutorService asNeeded(String name) {
        return Executors.newCachedThreadPool(named(name));
    }

    /** A few threads; what is more waits for its turn. */
    public static ExecutorService atMost(int count, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One thread, also for what is to be done later. */
    public static ScheduledExecutorService single(String name) {
        return Executors.newSingleThreadScheduledExecutor(named(name));
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
