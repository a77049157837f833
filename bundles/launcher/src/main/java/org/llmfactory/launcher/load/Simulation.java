package org.llmfactory.launcher.load;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    private static final int LOG_LINES = 5;

    private final Process process;
    private final Path log;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private Simulation(Process process, Path log) {
        this.process = process;
        this.log = log;
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
        Path log = homes.resolveSibling("simulation.log");
        return new Simulation(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** The last it complained of; the log itself does not last. */
    String complaints() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "There is no log of the simulation.";
        }
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
            throw new LauncherException("The simulation of agents has ended.\n  " + complaints(), e);
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
