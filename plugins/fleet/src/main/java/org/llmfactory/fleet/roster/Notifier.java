package org.llmfactory.fleet.roster;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet.Listener;
import org.llmfactory.api.network.Fleet.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners from one thread. Of several changes of one agent that have not been told yet, only the last is: a slow
 * listener costs no more memory than there are agents.
 */
final class Notifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notifier.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<AgentAddress, Member> pending = new LinkedHashMap<>();
    private final Thread thread;

    Notifier() {
        thread = new Thread(this::run, "llmfactory-fleet-listeners");
        thread.setDaemon(true);
        thread.start();
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    /** To be told soon. */
    void changed(Member member) {
        synchronized (pending) {
            pending.put(member.address(), member);
            pending.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                Member next = next();
                listeners.forEach(listener -> tell(listener, next));
            }
        } catch (InterruptedException closed) {
            log.debug("Nobody is told any more");
        }
    }

    private Member next() throws InterruptedException {
        synchronized (pending) {
            while (pending.isEmpty()) {
                pending.wait();
            }
            Iterator<Member> first = pending.values().iterator();
            Member next = first.next();
            first.remove();
            return next;
        }
    }

    private static void tell(Listener listener, Member member) {
        try {
            listener.onChange(member);
        } catch (RuntimeException e) {
            log.error("A listener of the fleet failed at {}", member.address(), e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
