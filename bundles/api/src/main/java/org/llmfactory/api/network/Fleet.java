package org.llmfactory.api.network;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The agents that report to this controller. OSGi service; answers from memory. */
@ProviderType
public interface Fleet {
    /** Every agent that reports, by address. One that has gone silent stays for a while, not {@link Member#alive}. */
    List<Member> members();

    /** One of them. */
    Optional<Member> member(AgentAddress address);

    /**
     * An agent as this controller sees it.
     *
     * @param address who it is
     * @param report the last it said of itself
     * @param alive false from when it has been silent for over a second and a half, or said goodbye
     * @param heard when it was heard last
     */
    record Member(AgentAddress address, AgentReport report, boolean alive, Instant heard) {}

    /** Hears of changes. Register it as an OSGi service; called one at a time, from one thread, must not block. */
    @org.osgi.annotation.versioning.ConsumerType
    interface Listener {
        /** An agent has come, has changed or has gone silent. */
        void onChange(Member member);
    }
}
