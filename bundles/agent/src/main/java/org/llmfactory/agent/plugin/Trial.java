package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.util.List;
import org.osgi.framework.Bundle;

/** What goes with a change of a plugin, and the time in which it must prove itself. */
public interface Trial {
    /** Nothing goes with it, and that it starts is proof enough. */
    Trial NONE = new Trial() {
        @Override
        public void prepare() {
            // Nothing to prepare.
        }

        @Override
        public List<String> watch(Bundle bundle) {
            return List.of();
        }

        @Override
        public void revert() {
            // Nothing was prepared.
        }

        @Override
        public void keep() {
            // Nothing to keep.
        }
    };

    /** Prepares the ground, after the old version was stopped and before the new one starts. */
    void prepare() throws IOException;

    /**
     * Watches the new version at work, for as long as it must prove itself.
     *
     * @return what is wrong with it; empty when it may stay
     */
    List<String> watch(Bundle bundle) throws InterruptedException;

    /** Takes {@link #prepare} back, before the old version starts again. */
    void revert();

    /** The new version stays: makes it last over a restart. */
    void keep() throws IOException;
}
