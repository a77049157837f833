package org.llmfactory.messaging.envelope;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;

/**
 * Takes each message once. What was taken is remembered until it would be refused for its age, over restarts too: in the file
 * {@code seen}, which is appended to and written anew when most of it is of no use any more. It is written before the message
 * is taken; it survives the end of the process, the last entries perhaps not the end of the machine. Bounded in all, and for
 * each sender, so that none of them uses up the others' share.
 */
public final class ReplayGuard implements AutoCloseable {
    static final String FILE = "seen";
    static final int MAXIMUM = 100_000;
    static final int MAXIMUM_OF_SENDER = 20_000;
    private static final int ENTRY = 3 * Long.BYTES;
    private static final int SLACK = 4096;

    private final NetworkFolder folder;
    private final Clock clock;
    private final Map<UUID, Seen> seen = new HashMap<>();
    private final PriorityQueue<Seen> byExpiry = new PriorityQueue<>(Comparator.comparingLong(Seen::expires));
    private final Map<AgentAddress, Integer> counts = new HashMap<>();
    private FileChannel file;
    private int written;

    private record Seen(UUID id, long expires, @Nullable AgentAddress sender) {}

    public ReplayGuard(NetworkFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        folder.read(FILE).ifPresent(this::load);
        forget();
        file = write();
    }

    private void load(byte[] content) {
        ByteBuffer entries = ByteBuffer.wrap(content);
        // What an interrupted write has left at the end is no entry.
        while (entries.remaining() >= ENTRY && seen.size() < MAXIMUM) {
            remember(new Seen(new UUID(entries.getLong(), entries.getLong()), entries.getLong(), null));
        }
    }

    /**
     * Takes a message, unless it was here before.
     *
     * @param until when it would be refused for its age
     */
    synchronized void take(AgentAddress sender, UUID id, Instant until) throws RefusedException {
        forget();
        if (seen.containsKey(id)) {
            throw new RefusedException(Refusal.REPLAYED, "The message of " + sender + " was here before");
        }
        if (seen.size() >= MAXIMUM || counts.getOrDefault(sender, 0) >= MAXIMUM_OF_SENDER) {
            throw new RefusedException(
                    Refusal.OVERLOADED, "There are too many messages, of " + sender + " or in all, to remember them");
        }
        Seen taken = new Seen(id, until.toEpochMilli(), sender);
        try {
            append(taken);
        } catch (IOException e) {
            throw new RefusedException(Refusal.OVERLOADED, "The file of messages that were here cannot be written", e);
        }
        remember(taken);
    }

    private void remember(Seen taken) {
        if (seen.put(taken.id(), taken) == null) {
            byExpiry.add(taken);
            if (taken.sender() != null) {
                counts.merge(taken.sender(), 1, Integer::sum);
            }
        }
    }

    private void forget() {
        long now = clock.millis();
        Seen oldest = byExpiry.peek();
        while (oldest != null && oldest.expires() < now) {
            byExpiry.remove();
            seen.remove(oldest.id());
            if (oldest.sender() != null) {
                counts.computeIfPresent(oldest.sender(), (sender, count) -> count == 1 ? null : count - 1);
            }
            oldest = byExpiry.peek();
        }
    }

    private void append(Seen taken) throws IOException {
        if (written > 2 * seen.size() + SLACK) {
            file.close();
            file = write();
        }
        ByteBuffer entry = ByteBuffer.allocate(ENTRY);
        put(entry, taken);
        entry.flip();
        while (entry.hasRemaining()) {
            file.write(entry);
        }
        written++;
    }

    /** Writes the file anew, with what is still of use. */
    private FileChannel write() {
        ByteBuffer entries = ByteBuffer.allocate(ENTRY * seen.size());
        seen.values().forEach(entry -> put(entries, entry));
        folder.write(FILE, entries.array());
        written = seen.size();
        return folder.append(FILE);
    }

    private static void put(ByteBuffer target, Seen entry) {
        target.putLong(entry.id().getMostSignificantBits())
                .putLong(entry.id().getLeastSignificantBits())
                .putLong(entry.expires());
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
