package org.llmfactory.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class S3SilenceTest {
    @Test
    void aServerThatTakesRequestsAndIsSilentIsAnError() throws IOException {
        long start = System.nanoTime();
        // The operating system accepts connections, nobody reads them.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                S3ObjectStore store =
                        new S3ObjectStore(TestServers.settings("http://127.0.0.1:" + silent.getLocalPort(), ""))) {
            assertThatIOException().isThrownBy(() -> store.stat("k"));
            assertThatIOException().isThrownBy(() -> store.open("k", 0));
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }
}
