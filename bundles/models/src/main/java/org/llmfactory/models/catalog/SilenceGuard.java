package org.llmfactory.models.catalog;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream that fails when nothing comes for too long, instead of waiting for ever. */
final class SilenceGuard extends FilterInputStream {
    private final Duration longest;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "download-guard");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> looking;
    private volatile long last = System.nanoTime();
    private volatile boolean silent;
    private volatile @Nullable IOException closing;

    SilenceGuard(InputStream in, Duration longest) {
        super(in);
        this.longest = longest;
        long period = Math.max(1, longest.toMillis() / 4);
        looking = clock.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (System.nanoTime() - last > longest.toNanos()) {
            silent = true;
            try {
                in.close();
            } catch (IOException e) {
                closing = e;
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        int count = read(single, 0, 1);
        return count < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int count = in.read(target, offset, length);
            if (silent) {
                throw new IOException("closed");
            }
            last = System.nanoTime();
            return count;
        } catch (IOException e) {
            throw silent ? silence(e) : e;
        }
    }

    private IOException silence(IOException cause) {
        IOException silence = new IOException("nothing came for " + longest.toSeconds() + " s", cause);
        IOException other = closing;
        if (other != null) {
            silence.addSuppressed(other);
        }
        return silence;
    }

    @Override
    public void close() throws IOException {
        looking.cancel(true);
        clock.shutdownNow();
        super.close();
    }
}
