package org.llmfactory.executor.process;

import java.time.Instant;
import java.util.List;
import org.llmfactory.api.network.AgentAddress;

/**
 * Who runs what.
 *
 * @param id of the process, or of all those that follow one another in one detached place
 * @param command its name
 * @param arguments those that the caller added
 * @param publicArguments whether they may be told
 * @param caller who asked for it
 * @param started when
 * @param detached whether it runs on its own
 */
public record ProcessEntry(
        String id,
        String command,
        List<String> arguments,
        boolean publicArguments,
        AgentAddress caller,
        Instant started,
        boolean detached) {
    public ProcessEntry {
        arguments = List.copyOf(arguments);
    }
}
