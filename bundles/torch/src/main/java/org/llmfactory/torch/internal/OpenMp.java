package org.llmfactory.torch.internal;

import java.util.Map;
import org.llmfactory.djl.ProcessEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the threads of one operator wait for each other: they spin for a moment, then they sleep. GNU OpenMP lets them spin
 * by default for as long as it takes: a thread that has lost its processor to another process then holds up all the others
 * at full load. It reads the environment when it is loaded, so this must run before.
 */
final class OpenMp {
    private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);

    /** Some 10 µs: longer than most waits, and a small part of what a sleep and a waking cost. */
    private static final String SPINS = "1000";

    private OpenMp() {}

    static void configure(int threads) {
        Map<String, String> variables = Map.of(
                "OMP_NUM_THREADS", Integer.toString(threads), "OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", SPINS);
        try {
            ProcessEnvironment.setUnlessSet(variables);
        } catch (UnsatisfiedLinkError e) {
            LOG.warn(
                    "Set the environment variables {} before the start of the process: from inside it is not possible here",
                    variables,
                    e);
        }
    }
}
