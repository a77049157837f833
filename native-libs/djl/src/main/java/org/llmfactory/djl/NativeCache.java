package org.llmfactory.djl;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of unpacked native libraries, one sub-folder for each digest. A sub-folder appears complete or not at all,
 * so any number of processes may share it; a lock only spares them unpacking the same files twice.
 */
final class NativeCache {
    private static final Logger LOG = LoggerFactory.getLogger(NativeCache.class);

    private static final Object UNPACKING = new Object();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path root;
    private final ClassLoader resources;

    NativeCache(Path root) {
        this(root, NativeCache.class.getClassLoader());
    }

    NativeCache(Path root, ClassLoader resources) {
        this.root = root;
        this.resources = resources;
    }

    /**
     * Gives the folder of the files, after unpacking them if need be.
     *
     * @param digest what names the folder
     * @param source the files' folder among the resources, ending in a slash
     * @param files their names and sizes in bytes
     */
    Path unpack(String digest, String source, Map<String, Long> files) throws IOException {
        Path folder = root.resolve(digest);
        if (isComplete(folder, files)) {
            return folder;
        }
        Files.createDirectories(root);
        // A file's lock keeps other processes out, this one the other threads. Closing the channel lets go of the
        // former.
        synchronized (UNPACKING) {
            try (FileChannel channel = FileChannel.open(
                    root.resolve(digest + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                await(channel);
                if (!isComplete(folder, files)) {
                    deleteAbandonedPartsOf(digest);
                    unpackTo(folder, source, files);
                }
            }
        }
        return folder;
    }

    private void unpackTo(Path folder, String source, Map<String, Long> files) throws IOException {
        long start = System.nanoTime();
        Path part = Files.createTempDirectory(root, folder.getFileName() + ".part");
        try {
            for (String file : files.keySet()) {
                copy(source + file, part.resolve(file));
            }
            if (!isComplete(part, files)) {
                throw new IOException("the packed native libraries are not those described: build their bundle again");
            }
            replace(folder, part, files);
            LOG.info("Unpacked {} to {} in {} ms", files.keySet(), folder, (System.nanoTime() - start) / 1_000_000);
        } finally {
            delete(part);
        }
    }

    /** Written through to the disk, so that a folder found after a power failure holds what its files' sizes promise. */
    private void copy(String resource, Path target) throws IOException {
        try (InputStream in = resources.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("no " + resource + " in the bundle of native libraries");
            }
            try (FileChannel channel =
                            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                in.transferTo(out);
                channel.force(true);
            }
        }
    }

    private static void replace(Path folder, Path part, Map<String, Long> files) throws IOException {
        if (isComplete(folder, files)) {
            return; // another was faster
        }
        delete(folder); // somebody deleted or cut a file in it
        try {
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!isComplete(folder, files)) { // otherwise another was faster, just now
                throw e;
            }
        }
    }

    private static boolean isComplete(Path folder, Map<String, Long> files) throws IOException {
        for (Map.Entry<String, Long> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!Files.isRegularFile(path) || Files.size(path) != file.getValue()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Waits while another process unpacks, but goes on without the lock when that takes too long, or when another class
     * loader of this process has it: then the only harm is time.
     */
    private static void await(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (channel.tryLock() == null && System.nanoTime() < deadline) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("Unpacking beside another thread of this process", e);
        }
    }

    /** What a killed process left. */
    private void deleteAbandonedPartsOf(String digest) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(digest + ".part") && isAbandoned(entry)) {
                    delete(entry);
                }
            }
        }
    }

    private static boolean isAbandoned(Path part) throws IOException {
        try {
            Instant modified = Files.getLastModifiedTime(part).toInstant();
            return modified.isBefore(Instant.now().minus(ABANDONED));
        } catch (NoSuchFileException e) {
            return false; // finished by its owner, just now
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
