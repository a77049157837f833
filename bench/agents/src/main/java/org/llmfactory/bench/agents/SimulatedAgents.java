package org.llmfactory.bench.agents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.FactoryException;

/**
 * The program. Arguments: the controller's URL, a folder for the agents' homes. It does what the lines on its standard input
 * say and answers each with {@code ok} or with what was wrong; at their end all agents stop.
 *
 * <pre>
 * join NAME TOKEN    one more agent becomes a member
 * run COUNT          the first so many of them report, the others do not
 * change MILLIS      whole reports change that often; 0: never
 * </pre>
 */
public final class SimulatedAgents {
    private static final int THREADS = 32;

    private final URI controller;
    private final Path homes;
    private final List<SimulatedAgent> agents = new ArrayList<>();
    private final List<Description> descriptions = new ArrayList<>();
    private volatile long changeNanos;

    private SimulatedAgents(URI controller, Path homes) {
        this.controller = controller;
        this.homes = homes;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        SimulatedAgents program = new SimulatedAgents(URI.create(arguments[0]), Path.of(arguments[1]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(program.answer(line.split(" ", -1)));
        }
        program.run(0);
        System.exit(0);
    }

    private String answer(String[] words) throws InterruptedException {
        try {
            switch (words[0]) {
                case "join" -> join(words[1], words[2]);
                case "run" -> run(Integer.parseInt(words[1]));
                case "change" -> changeNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
                default -> throw new IllegalArgumentException("Nobody knows '" + words[0] + "' here");
            }
            return "ok";
        } catch (FactoryException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private void join(String name, String token) throws InterruptedException {
        agents.add(SimulatedAgent.join(controller, token, name, homes.resolve(name)));
        descriptions.add(new Description(name, this::version, System::nanoTime));
    }

    private long version() {
        long nanos = changeNanos;
        return nanos == 0 ? 0 : System.nanoTime() / nanos;
    }

    /** Each agent takes its time to say goodbye. */
    private void run(int count) throws InterruptedException {
        List<Callable<Void>> changes = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++) {
            SimulatedAgent agent = agents.get(i);
            Description description = descriptions.get(i);
            boolean runs = i < count;
            changes.add(() -> {
                if (runs) {
                    agent.start(description);
                } else {
                    agent.close();
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Void> change : threads.invokeAll(changes, 1, TimeUnit.MINUTES)) {
                change.get();
            }
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalArgumentException("An agent does not start or stop: " + e.getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }
}
