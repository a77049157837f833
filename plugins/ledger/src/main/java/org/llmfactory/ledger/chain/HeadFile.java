package org.llmfactory.ledger.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of the chain, kept outside the database, so that entries missing there are missed. Two lines of the same length
 * are written in turn, each with its own code: a crash while one is written leaves the other. Not safe for use by several
 * threads, except that reading is safe at any time.
 */
public final class HeadFile {
    /** A line fills a disk's sector of its own, so that a torn write cannot reach the other. */
    private static final int LINE = 512;

    private static final Pattern FORMAT = Pattern.compile(
            "(chain_\\p{XDigit}{32}) (\\d{1,19}) (\\d{1,19})" + " (\\p{XDigit}{64}) (\\p{XDigit}{64}) *");

    private record Slot(int number, Head head) {}

    private final Path file;
    private final ChainKey key;
    private final String chain;
    private int next;

    /** The head of one chain in a file, which need not exist yet; its folder is made. */
    public HeadFile(Path file, ChainKey key, String chain) throws IOException {
        this.file = file;
        this.key = key;
        this.chain = chain;
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        this.next = newest().map(slot -> 1 - slot.number()).orElse(0);
    }

    /** The newest head that is whole; empty when there is none. */
    public Optional<Head> read() throws IOException {
        return newest().map(Slot::head);
    }

    /**
     * Keeps a head. It survives the process at once.
     *
     * @param lasting whether it is to survive the machine too, which takes as long as the disk needs
     */
    public void write(Head head, boolean lasting) throws IOException {
        String content = content(head);
        String line = content + " " + key.mac(content);
        byte[] padded = (line + " ".repeat(LINE - 1 - line.length()) + "\n").getBytes(US_ASCII);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            ByteBuffer buffer = ByteBuffer.wrap(padded);
            long start = (long) next * LINE;
            while (buffer.hasRemaining()) {
                channel.write(buffer, start + buffer.position());
            }
            if (lasting) {
                channel.force(false);
            }
        }
        next = 1 - next;
    }

    private Optional<Slot> newest() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] content = Files.readAllBytes(file);
        List<Slot> slots = new ArrayList<>();
        for (int number = 0; number < 2 && content.length > number * LINE; number++) {
            int length = Math.min(LINE, content.length - number * LINE);
            Optional<Head> head = parse(new String(content, number * LINE, length, US_ASCII));
            if (head.isPresent()) {
                slots.add(new Slot(number, head.get()));
            }
        }
        return slots.stream().max(Comparator.comparingLong(slot -> slot.head().sequence()));
    }

    private Optional<Head> parse(String line) {
        Matcher matcher = FORMAT.matcher(line.stripTrailing());
        if (!matcher.matches() || !matcher.group(1).equals(chain)) {
            return Optional.empty();
        }
        Head head = new Head(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), matcher.group(4));
        return ChainKey.isEqual(key.mac(content(head)), matcher.group(5)) ? Optional.of(head) : Optional.empty();
    }

    private String content(Head head) {
        return chain + " " + head.sequence() + " " + head.at() + " " + head.hash();
    }
}
