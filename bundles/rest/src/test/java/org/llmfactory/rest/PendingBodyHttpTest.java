package org.llmfactory.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.rest.sample.SampleBundle;
import org.llmfactory.rest.testing.HttpContainer;

/** What a client hears that sends its whole body before it listens, while the answer needs no more of it. */
final class PendingBodyHttpTest {
    private static final int REPETITIONS = 10;
    private static HttpContainer container;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        container = new HttpContainer(Set.of(), SampleBundle.in(folder));
        Authenticator authenticator = new InMemoryAuthenticator()
                .allow("member", InMemoryAuthenticator.USER)
                .allow("viewer", InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.VIEWER));
        container.context().registerService(Authenticator.class, authenticator, null);
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            try (Client client = new Client()) {
                client.send("GET /v1/sample HTTP/1.1", "member", "");
                return client.answer().equals("200");
            }
        });
    }

    @AfterAll
    static void stop() throws IOException {
        container.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/sample/size, member, 6, 413, 413",
        "/v1/sample/size, member, 3, 200, 200",
        "/v1/sample/size, viewer, 3, 403, 403",
        "/v1/sample/size, nobody, 3, 401, 401",
        "/v1/sample/size, nobody, 6, 413, 401",
        "/v1/sample/platform, member, 3, 405, 405",
        "/v1/sample/nothing, member, 3, 404, 404",
        "/v1/nothing, member, 3, 404, 404",
        "/v1/nothing, member, 6, 413, 404",
        "/v1/sample, member, 3, 200, 200",
        "/auth/nothing, nobody, 3, 404, 404"
    })
    void answerIsHeardAndTheConnectionGoesOn(
            String path, String key, int megabytes, String withLength, String withoutLength) throws Exception {
        for (int i = 0; i < REPETITIONS; i++) {
            exchange(path, key, megabytes, true, withLength);
            exchange(path, key, megabytes, false, withoutLength);
        }
    }

    private static void exchange(String path, String key, int megabytes, boolean declared, String status)
            throws IOException {
        try (Client client = new Client()) {
            client.send("POST " + path + " HTTP/1.1", key, megabytes, declared);
            assertThat(client.answer()).as("declared: %s", declared).isEqualTo(status);

            client.send("GET /v1/sample HTTP/1.1", "member", "");
            assertThat(client.answer()).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @CsvSource({"nobody, 3, 401", "member, 6, 413"})
    void clientThatAsksFirstHearsTheRefusalWithoutSendingABody(String key, int megabytes, String status)
            throws Exception {
        try (Client client = new Client()) {
            client.send(
                    "POST /v1/sample/size HTTP/1.1",
                    key,
                    "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: " + (megabytes << 20)
                            + "\r\n");

            assertThat(client.answer()).isEqualTo(status);
        }
    }

    @Test
    void clientThatSendsWithoutEndIsCutOff() throws Exception {
        try (Client client = new Client()) {
            assertThatThrownBy(() -> client.send("POST /v1/sample HTTP/1.1", "nobody", 200, false))
                    .isInstanceOf(IOException.class);
        }
    }

    /** A client that writes first and reads then. */
    private static final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), container.port());
        private final InputStream in = new BufferedInputStream(socket.getInputStream());
        private final OutputStream out = socket.getOutputStream();

        Client() throws IOException {
            socket.setSoTimeout(20_000);
        }

        void send(String line, String key, String headers) throws IOException {
            out.write((line + "\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n" + headers + "\r\n")
                    .getBytes(US_ASCII));
        }

        void send(String line, String key, int megabytes, boolean declared) throws IOException {
            byte[] body = ("{\"x\":\"" + "x".repeat((1 << 20) - 8) + "\"}").getBytes(US_ASCII);
            String length = declared ? "Content-Length: " + ((long) megabytes << 20) : "Transfer-Encoding: chunked";
            send(line, key, "Content-Type: application/json\r\n" + length + "\r\n");
            for (int i = 0; i < megabytes; i++) {
                body = i == 0 ? body : " ".repeat(1 << 20).getBytes(US_ASCII);
                if (declared) {
                    out.write(body);
                } else {
                    out.write((Integer.toHexString(body.length) + "\r\n").getBytes(US_ASCII));
                    out.write(body);
                    out.write("\r\n".getBytes(US_ASCII));
                }
            }
            if (!declared) {
                out.write("0\r\n\r\n".getBytes(US_ASCII));
            }
        }

        /** Reads an answer and returns its status. */
        String answer() throws IOException {
            String status = line();
            int length = -1;
            boolean chunked = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                }
                chunked |= lower.equals("transfer-encoding: chunked");
            }
            if (chunked) {
                for (int size = chunk(); size > 0; size = chunk()) {
                    in.skipNBytes(size);
                    line();
                }
                line();
            } else {
                in.skipNBytes(Math.max(0, length));
            }
            return status.split(" ", 3)[1];
        }

        private int chunk() throws IOException {
            return Integer.parseInt(line(), 16);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection has ended");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
