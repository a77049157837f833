package org.llmfactory.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;

/** A broker in a process of its own, which can be killed. */
final class BrokerProcess implements AutoCloseable {
    private static final String ADDRESS = "address ";

    private final Process process;
    private final URI address;

    private BrokerProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(ADDRESS)) {
                address = URI.create(line.substring(ADDRESS.length()));
                return;
            }
        }
        throw new IOException("The broker's process has ended");
    }

    static BrokerProcess start(Path home, Path messages) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new BrokerProcess(new ProcessBuilder(
                        java, "-cp", classes, BrokerProcess.class.getName(), home.toString(), messages.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    URI address() {
        return address;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        NetworkIdentity identity = new HomeIdentityKeeper(
                        new NetworkFolder(Path.of(arguments[0])), java.time.Clock.systemUTC(), Publication.NONE)
                .identity()
                .orElseThrow();
        EmbeddedBroker broker = EmbeddedBroker.start(TestNetwork.settings(0), identity, Path.of(arguments[1]));
        System.out.println(ADDRESS + broker.address());
        // Until the test closes its end.
        System.in.readAllBytes();
        broker.stop();
    }
}
