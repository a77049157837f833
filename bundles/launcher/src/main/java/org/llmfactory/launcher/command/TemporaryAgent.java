package org.llmfactory.launcher.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;

/** An agent with a home of its own that is gone afterwards, serving {@link DemoModel}. */
final class TemporaryAgent {
    private TemporaryAgent() {}

    /** What is done with the agent. */
    interface Use {
        /**
         * Does it.
         *
         * @param work a folder for files, gone afterwards
         */
        void with(AgentClient client, Path work) throws IOException, InterruptedException;
    }

    /**
     * Starts an agent, waits until it serves the model, lets it be used, and takes it away whatever happened.
     *
     * @param model the folder of {@link DemoModel}
     */
    static void use(Options options, Path model, Use use) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("factory-bench");
        Agent agent = new Agent(options.installation(), work.resolve("home"));
        try {
            copy(model, agent.home().resolve("models").resolve(DemoModel.ID));
            agent.start(freePort(), "all-in-one");
            DemoModel.awaitServed(agent.client());
            use.with(agent.client(), work);
        } finally {
            agent.stop();
            delete(work);
        }
    }

    /** A port of the loopback interface that nobody listens on now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Copies a folder and everything in it. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : tree(from)) {
            if (Files.isRegularFile(file)) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /** Deletes a folder and everything in it. */
    static void delete(Path folder) throws IOException {
        for (Path file : tree(folder)) {
            Files.deleteIfExists(file);
        }
    }

    /** Everything in a folder, children before their parents. */
    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
