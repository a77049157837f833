package org.llmfactory.storage.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.storage.StoredObject;

/**
 * Blobs as files under the home.
 *
 * <p>The blob {@code a/b} lies in the file {@code a/b@}: the mark, which no key may hold, keeps it apart from the folder of
 * {@code a/b/c}. A blob is written beside its place, forced to the disk and moved there, so that neither a reader nor a
 * crash sees half of it.
 */
final class FileObjectStore implements RawStore {
    private static final String INCOMING = "@incoming";

    private final Path root;

    FileObjectStore(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root);
        removeIncoming();
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        ObjectKey name = ObjectKey.of(key);
        Path incoming = incoming();
        try {
            write(content, incoming);
            StoredObject stored = facts(name, Files.readAttributes(incoming, BasicFileAttributes.class));
            move(incoming, file(name));
            return stored;
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
        Path file = file(ObjectKey.of(key));
        Path incoming = incoming();
        try {
            write(new ByteArrayInputStream(content), incoming);
            Path folder = Files.createDirectories(folder(file));
            // Unlike a move, a second name for the whole file is never given in place of another file.
            Files.createLink(file, incoming);
            force(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        return open(key, 0, offset).map(Opened::rest);
    }

    @Override
    public Optional<Opened> open(String key, int head, long offset) throws IOException {
        Path file = file(ObjectKey.of(key));
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative");
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            InputStream in = Channels.newInputStream(channel);
            byte[] first = in.readNBytes(head);
            channel.position(Math.min(offset, channel.size()));
            return Optional.of(new Opened(ByteBuffer.wrap(first), channel.size(), in));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        ObjectKey name = ObjectKey.of(key);
        try {
            return Optional.of(facts(name, Files.readAttributes(file(name), BasicFileAttributes.class)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        ObjectKey wanted = ObjectKey.ofPrefix(prefix);
        Path start = wanted.segments().stream().reduce(root, Path::resolve, Path::resolve);
        List<StoredObject> found = new ArrayList<>();
        if (!wanted.segments().isEmpty()) {
            stat(wanted.toString()).ifPresent(found::add);
        }
        if (Files.isDirectory(start, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(start, new Collector(found));
        }
        found.sort(Comparator.comparing(StoredObject::key));
        return List.copyOf(found);
    }

    @Override
    public boolean delete(String key) throws IOException {
        return Files.deleteIfExists(file(ObjectKey.of(key)));
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        int deleted = 0;
        for (StoredObject object : list(prefix)) {
            deleted += delete(object.key()) ? 1 : 0;
        }
        return deleted;
    }

    @Override
    public void close() {
        // Holds nothing open.
    }

    private Path incoming() throws IOException {
        return Files.createTempFile(Files.createDirectories(root.resolve(INCOMING)), "", ObjectKey.MARK);
    }

    private static void write(InputStream content, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            content.transferTo(out);
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Path folder = Files.createDirectories(folder(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(folder);
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "folder");
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** What an earlier process left half written. */
    private void removeIncoming() throws IOException {
        Path folder = root.resolve(INCOMING);
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path file(ObjectKey key) {
        int last = key.segments().size() - 1;
        Path folder = key.segments().subList(0, last).stream().reduce(root, Path::resolve, Path::resolve);
        return folder.resolve(key.segments().get(last) + ObjectKey.MARK);
    }

    private static StoredObject facts(ObjectKey key, BasicFileAttributes attributes) {
        return new StoredObject(
                key.toString(), attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    /** Turns files back into keys. */
    private final class Collector extends SimpleFileVisitor<Path> {
        private final List<StoredObject> found;

        Collector(List<StoredObject> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root.resolve(INCOMING)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                ObjectKey.ofPath(root.relativize(file).toString())
                        .map(key -> facts(key, attributes))
                        .ifPresent(found::add);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            // Deleted while we walk: it is not there any more.
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
