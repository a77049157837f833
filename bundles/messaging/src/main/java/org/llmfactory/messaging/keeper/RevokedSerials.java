package org.llmfactory.messaging.keeper;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.llmfactory.messaging.home.NetworkFolder;

/** The serial numbers that are not to be believed any more, in the file {@code revoked}, one a line. */
final class RevokedSerials {
    static final String FILE = "revoked";
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

    private final NetworkFolder folder;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Set<String> serials;

    RevokedSerials(NetworkFolder folder) {
        this.folder = folder;
        this.serials = folder.read(FILE)
                .map(content -> Set.copyOf(new String(content, StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> SERIAL.matcher(line).matches())
                        .toList()))
                .orElse(Set.of());
    }

    Set<String> all() {
        return serials;
    }

    void add(Set<String> more) {
        for (String serial : more) {
            if (!SERIAL.matcher(serial).matches()) {
                throw new IllegalArgumentException("A serial number is lower-case hex, at most 40 digits");
            }
        }
        if (store(more)) {
            listeners.forEach(Runnable::run);
        }
    }

    private synchronized boolean store(Set<String> more) {
        if (serials.containsAll(more)) {
            return false;
        }
        Set<String> all = new HashSet<>(serials);
        all.addAll(more);
        folder.write(FILE, String.join("\n", all.stream().sorted().toList()).getBytes(StandardCharsets.US_ASCII));
        serials = Set.copyOf(all);
        return true;
    }

    AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
