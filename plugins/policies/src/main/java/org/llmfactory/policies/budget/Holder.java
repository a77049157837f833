package org.llmfactory.policies.budget;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who holds a lease: an agent, one run of it, and one instance within that run, since a plugin that is updated goes on
 * settling work while its successor hands out tokens.
 *
 * @param agent the same at every start
 * @param run another one at every start
 * @param instance another one at every activation
 */
record Holder(String agent, String run, int instance) {
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    /** This process, as the agent whose name is kept in a file. */
    static Holder of(Path file) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        String run = ProcessHandle.current().pid() + "-" + Long.toHexString(started);
        return new Holder(agent(file), run, INSTANCES.incrementAndGet());
    }

    private static String agent(Path file) {
        try {
            if (Files.notExists(file)) {
                byte[] random = new byte[12];
                new SecureRandom().nextBytes(random);
                Files.writeString(file, "agent-" + HexFormat.of().formatHex(random) + "\n");
            }
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("The agent's name cannot be kept in its home.", failure);
        }
    }

    /** What all of the agent's rows begin with. */
    String agentPrefix() {
        return agent + "/";
    }

    /** What all rows of this run begin with. */
    String runPrefix() {
        return agentPrefix() + run + "/";
    }

    String id() {
        return runPrefix() + instance;
    }
}
