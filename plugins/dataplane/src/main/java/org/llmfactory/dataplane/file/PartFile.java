package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;

/** A file that is not whole yet, beside where it is to lie. Safe for several threads. */
final class PartFile implements AutoCloseable {
    private final Path part;
    private final FileChannel channel;
    private final MessageDigest digest = FileDigests.sha256();
    private long written;

    PartFile(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        this.part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        if (folder != null) {
            Files.createDirectories(folder);
        }
        this.channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    synchronized long written() {
        return written;
    }

    synchronized void append(byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(content);
        written += content.length;
    }

    /** Begins anew. */
    synchronized void clear() throws IOException {
        channel.truncate(0);
        digest.reset();
        written = 0;
    }

    /** Bytes that the volume has room for. */
    long room() throws IOException {
        return Files.getFileStore(part).getUsableSpace();
    }

    /** The digest of what was written; nothing is written after it. */
    synchronized String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Puts the file where it is to lie, once it is on the disk. */
    synchronized void moveTo(Path target) throws IOException {
        channel.force(true);
        channel.close();
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Leaves nothing behind of what was not moved. */
    @Override
    public synchronized void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
