package org.llmfactory.messaging.keeper;

/** Tells the rest of the agent that it belongs to a network. */
public interface Publication {
    /** Tells nobody. */
    Publication NONE = new Publication() {
        @Override
        public void publish(HomeIdentity identity) {
            // Nobody listens.
        }

        @Override
        public void withdraw() {
            // Nobody was told.
        }
    };

    void publish(HomeIdentity identity);

    void withdraw();
}
