package org.llmfactory.executor.command;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a command runs on its own.
 *
 * @param restart what happens when it ends
 * @param port a port on the loopback interface that takes connections while the process is well
 * @param check a program with its arguments that ends with status 0 while the process is well; empty for none
 * @param start how long the process may take until it is well for the first time
 * @param interval between two looks at its health
 */
public record Detachment(
        RestartPolicy restart, OptionalInt port, List<String> check, Duration start, Duration interval) {
    public Detachment {
        check = List.copyOf(check);
    }

    /** Whether there is a way to tell that the process is well. */
    public boolean isChecked() {
        return port.isPresent() || !check.isEmpty();
    }
}
