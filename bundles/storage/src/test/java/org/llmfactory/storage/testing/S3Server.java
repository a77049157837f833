package org.llmfactory.storage.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server (S3Proxy, over files) in a process of its own, on a random port of the loopback interface. It can be killed and
 * started again with what it has kept. It is gone when it is closed or when this JVM ends, however it ends.
 */
public final class S3Server implements AutoCloseable {
    /** Its one bucket. */
    public static final String BUCKET = "blobs";

    /** The access key and the secret key that it knows. */
    public static final String CREDENTIALS = "access\nsecret\n";

    private static final Duration START = Duration.ofMinutes(1);
    private static final Pattern STARTED = Pattern.compile("Started .*\\{127\\.0\\.0\\.1:(\\d+)}");

    /** Runs a command until standard input ends. */
    private static final String UNTIL_END_OF_INPUT = "\"$@\" </dev/null & cat >/dev/null; kill -9 $!; wait";

    private final Path jar;
    private final Path folder;
    private int port;
    private @Nullable Process process;

    /**
     * Starts a server with one empty bucket.
     *
     * @param jar of the server
     * @param folder where it keeps its files
     */
    public S3Server(Path jar, Path folder) throws IOException {
        this.jar = jar;
        this.folder = folder;
        Files.createDirectories(folder.resolve("data").resolve(BUCKET));
        start();
    }

    /** Starts it again, on its port and with what it kept. */
    public void start() throws IOException {
        kill();
        Path properties = Files.write(
                folder.resolve("s3proxy.conf"),
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v4",
                        "s3proxy.identity=access",
                        "s3proxy.credential=secret",
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.resolve("data")));
        Process started = new ProcessBuilder(
                        "bash",
                        "-c",
                        UNTIL_END_OF_INPUT,
                        "s3-server",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .start();
        process = started;
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        Queue<String> log = new ConcurrentLinkedQueue<>();
        Thread reader = new Thread(() -> read(started, log, ready), "s3-server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            port = ready.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            kill();
            throw new IOException("The S3 server did not start: " + log, e);
        }
    }

    /** Kills it, as a power failure would. */
    public void kill() throws IOException {
        Process running = process;
        if (running == null) {
            return;
        }
        running.getOutputStream().close();
        try {
            if (!running.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("The S3 server cannot be killed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        process = null;
    }

    /** Its URL. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    private static void read(Process process, Queue<String> log, CompletableFuture<Integer> ready) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher started = STARTED.matcher(line);
                if (started.find()) {
                    ready.complete(Integer.valueOf(started.group(1)));
                }
                if (!ready.isDone()) {
                    log.add(line);
                }
            }
            ready.completeExceptionally(new IOException("It ended."));
        } catch (IOException | UncheckedIOException e) {
            ready.completeExceptionally(e);
        }
    }
}
