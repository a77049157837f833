package org.llmfactory.policies.governor;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be taken back, last first, unless all goes well. */
final class Undo implements AutoCloseable {
    private final Deque<Runnable> steps = new ArrayDeque<>(4);

    void add(Runnable step) {
        steps.push(step);
    }

    /** Takes back less of the last step than was meant. */
    void replaceLast(Runnable step) {
        steps.pop();
        steps.push(step);
    }

    /** All went well. */
    void keep() {
        steps.clear();
    }

    @Override
    public void close() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }
}
