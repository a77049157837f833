package org.llmfactory.launcher.load;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llmfactory.launcher.LauncherException;

/** The program {@code bench/agents} as a process that does what it is told. Its agents stop with it. */
public final class Simulation implements AutoCloseable {
    private static final String PROGRAM = "org.llmfactory.bench.agents.SimulatedAgents";
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private Simulation(Process process) {
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts the program.
     *
     * @param classPath where it is
     * @param controller whose network the agents join
     * @param homes a folder for them
     */
    public static Simulation start(String classPath, String controller, Path homes) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xss512k",
                "-Xmx2g",
                "-cp",
                classPath,
                PROGRAM,
                controller,
                homes.toString());
        return new Simulation(new ProcessBuilder(command)
                .redirectError(homes.resolveSibling("simulation.log").toFile())
                .start());
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Tells it to do something and waits until it has. */
    void tell(String order) throws InterruptedException {
        try {
            orders.write(order);
            orders.newLine();
            orders.flush();
            String answer = CompletableFuture.supplyAsync(this::readLine).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
            if (!answer.equals("ok")) {
                throw new LauncherException("The simulation of agents failed: " + answer);
            }
        } catch (IOException | ExecutionException e) {
            throw new LauncherException("The simulation of agents has ended.", e);
        } catch (TimeoutException e) {
            throw new LauncherException(
                    "The simulation of agents did not answer within " + ANSWER.toSeconds() + " seconds.", e);
        }
    }

    private String readLine() {
        try {
            return String.valueOf(answers.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the agents say goodbye, and ends the process. */
    @Override
    public void close() throws IOException {
        try {
            orders.close();
            process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
