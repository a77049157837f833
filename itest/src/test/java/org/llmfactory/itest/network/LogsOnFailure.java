package org.llmfactory.itest.network;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Adds to what made a test fail what the machines' agents warned of last, since they are gone when anybody looks. */
final class LogsOnFailure implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final int LINES = 12;

    private final Supplier<Machines> machines;

    LogsOnFailure(Supplier<Machines> machines) {
        this.machines = machines;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) {
        throw told(thrown);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) {
        throw told(thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) {
        throw told(thrown);
    }

    private AssertionError told(Throwable thrown) {
        Machines present = machines.get();
        String logs = present == null
                ? ""
                : present.all().stream().map(LogsOnFailure::warnings).collect(Collectors.joining());
        return new AssertionError(thrown.getMessage() + logs, thrown);
    }

    private static String warnings(Machine machine) {
        List<String> lines;
        try {
            lines = machine.log().stream()
                    .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.contains(" is lost"))
                    .toList();
        } catch (IOException e) {
            lines = List.of("Its log cannot be read: " + e.getMessage());
        }
        return "\n--- " + machine.name() + "\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
