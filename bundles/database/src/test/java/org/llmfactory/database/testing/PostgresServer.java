package org.llmfactory.database.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of this test run: a fresh cluster from Debian's packages in a temporary folder, on a random port of
 * the loopback interface. It is gone when it is closed or when this JVM ends, however it ends. A test that needs one is
 * skipped where there is none and it cannot be installed.
 */
public final class PostgresServer implements AutoCloseable {
    /** Who signs in. */
    public static final String USER = "llmfactory";

    private static final int NOT_AVAILABLE = 77;
    /** Installing the package takes its time. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final Duration COMMAND = Duration.ofMinutes(1);

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Process process;
    private final Writer commands;
    private final int port;
    private final String password;

    private PostgresServer(String script) throws IOException, InterruptedException {
        // As an argument, so that no file of it is left when this JVM is killed.
        this.process = new ProcessBuilder("bash", "-c", script, "postgresql")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "postgresql-answers");
        reader.setDaemon(true);
        reader.start();
        String[] ready = answer(START).split(" ", 2);
        if (ready.length < 2) {
            int status = process.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS) ? process.exitValue() : -1;
            Assumptions.assumeFalse(status == NOT_AVAILABLE, "There is no PostgreSQL and it cannot be installed");
            throw new IllegalStateException("PostgreSQL did not start, see above; status " + status);
        }
        this.port = Integer.parseInt(ready[0]);
        this.password = ready[1];
    }

    /** Starts a server of the caller's own. */
    public static PostgresServer start() {
        try (InputStream in = PostgresServer.class.getResourceAsStream("postgresql")) {
            return new PostgresServer(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One server for all tests of this JVM. Nobody closes or stops it. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final PostgresServer SERVER = start();
    }

    /** Makes an empty database and says its name. */
    public String newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            return name;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The URL of one of its databases, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + '/' + database;
    }

    /** The password of {@link #USER}. */
    public String password() {
        return password;
    }

    /** Connections to one of its databases, without a pool. */
    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(USER);
        source.setPassword(password);
        source.setConnectTimeout(5);
        source.setSocketTimeout(60);
        source.setLogServerErrorDetail(false);
        return source;
    }

    /** Kills the server; its databases stay. */
    public void stop() {
        command("stop", "stopped");
    }

    /** Starts the stopped server again, on the same port. */
    public void startAgain() {
        command("start", "started");
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void command(String command, String expected) {
        try {
            commands.write(command + '\n');
            commands.flush();
            String answer = answer(COMMAND);
            if (!answer.equals(expected)) {
                throw new IllegalStateException("PostgreSQL's script said '" + answer + "' to " + command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String answer(Duration deadline) throws InterruptedException {
        String answer = answers.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new IllegalStateException("PostgreSQL's script does not answer");
        }
        return answer;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                answers.add(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            answers.add(e.toString());
        }
        // The end, so that nobody waits for more.
        answers.add("");
    }
}
