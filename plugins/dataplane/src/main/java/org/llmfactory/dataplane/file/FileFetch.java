package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;

/** One fetch: as many streams as it takes, each going on where the one before has failed. */
final class FileFetch {
    private static final Duration OPENING = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(2);
    /** Streams in a row that may bring nothing. */
    private static final int IDLE_ATTEMPTS = 8;
    /** What is left free on the volume. */
    private static final long MARGIN = 64L << 20;

    private final DataPlane dataPlane;
    private final AgentAddress from;
    private final String share;
    private final String name;
    private final String expected;
    private final long largest;
    private final long end;
    private FileMessages.@Nullable Head head;

    FileFetch(
            DataPlane dataPlane,
            AgentAddress from,
            String share,
            String name,
            String expected,
            long largest,
            Duration deadline) {
        this.dataPlane = dataPlane;
        this.from = from;
        this.share = share;
        this.name = name;
        this.expected = expected;
        this.largest = largest;
        this.end = System.nanoTime() + deadline.toNanos();
    }

    void to(Path target) throws IOException, InterruptedException {
        try (PartFile part = new PartFile(target)) {
            FileMessages.Head whole = fetch(part);
            if (!part.sha256().equals(whole.sha256())) {
                throw invalid("is not what its sender says it is");
            }
            part.moveTo(target);
        }
    }

    private FileMessages.Head fetch(PartFile part) throws IOException, InterruptedException {
        int idle = 0;
        Duration pause = FIRST_PAUSE;
        while (true) {
            long before = part.written();
            try {
                return attempt(part);
            } catch (FactoryException e) {
                boolean progress = part.written() > before;
                idle = progress ? 0 : idle + 1;
                pause = progress ? FIRST_PAUSE : pause;
                if (!mayPass(e.code()) || idle == IDLE_ATTEMPTS || left().compareTo(pause) <= 0) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : pause.multipliedBy(2);
        }
    }

    private FileMessages.Head attempt(PartFile part) throws IOException, InterruptedException {
        FileReceiver receiver = new FileReceiver(part, said -> check(part, said));
        byte[] request = FileMessages.write(new FileMessages.Request(share, name, part.written()));
        Duration opening = left().compareTo(OPENING) < 0 ? left() : OPENING;
        AgentStream stream = dataPlane.open(from, FileMessages.SERVICE, Lane.DATA, request, receiver, opening);
        stream.finish();
        try {
            return receiver.outcome().get(left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The file '" + name + "' of " + from + " did not come in time.", e);
        } finally {
            stream.cancel("The file is not needed any further.");
        }
    }

    private void check(PartFile part, FileMessages.Head said) throws IOException {
        FileMessages.Head known = head;
        if (known != null && !known.equals(said)) {
            head = null;
            part.clear();
            throw new FactoryException(ErrorCode.CONFLICT, "The file '" + name + "' of " + from + " has changed.");
        }
        if (!expected.isEmpty() && !expected.equals(said.sha256())) {
            throw invalid("has the SHA-256 " + said.sha256() + ", but " + expected + " is wanted");
        }
        if (said.size() > largest) {
            throw new FactoryException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The file '" + name + "' has " + said.size() + " bytes; at most " + largest + " are fetched.");
        }
        if (part.room() - (said.size() - part.written()) < MARGIN) {
            throw new IOException("The disk has too little room for the " + said.size() + " bytes of the file '" + name
                    + "'; free some.");
        }
        head = said;
    }

    private FactoryException invalid(String reason) {
        return new FactoryException(ErrorCode.INVALID_FILE, "The file '" + name + "' of " + from + " " + reason + ".");
    }

    private Duration left() {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (left.toMillis() < 1) {
            throw new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The file '" + name + "' of " + from + " did not come in time.");
        }
        return left;
    }

    /** Whether what made a stream fail may be over with the next one. */
    private static boolean mayPass(ErrorCode code) {
        return code == ErrorCode.OVERLOADED
                || code == ErrorCode.DEADLINE_EXCEEDED
                || code == ErrorCode.CONFLICT
                || code == ErrorCode.INTERNAL;
    }

    private static FactoryException failure(ExecutionException e) throws IOException {
        if (e.getCause() instanceof IOException failure) {
            throw new IOException("The file could not be written: " + failure.getMessage(), failure);
        }
        return e.getCause() instanceof FactoryException failure
                ? failure
                : new FactoryException(ErrorCode.INTERNAL, "The file could not be fetched.", e.getCause());
    }
}
