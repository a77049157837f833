package org.llmfactory.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
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
import java.util.Optional;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;

/**
 * Blobs as files under the home.
 *
 * <p>The blob {@code a/b} lies in the file {@code a/b@}: the mark, which no key may hold, keeps it apart from the folder of
 * {@code a/b/c}. A blob is written beside its place, forced to the disk and moved there, so that neither a reader nor a
 * crash sees half of it.
 */
final class FileObjectStore implements ObjectStore {
    private static final String MARK = "@";
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
        Path incoming = Files.createTempFile(Files.createDirectories(root.resolve(INCOMING)), "", MARK);
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
    public Optional<InputStream> open(String key, long offset) throws IOException {
        Path file = file(ObjectKey.of(key));
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative");
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(Channels.newInputStream(channel.position(offset)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
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

    private static void write(InputStream content, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            content.transferTo(out);
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Path folder = to.getParent();
        Files.createDirectories(folder);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
        return folder.resolve(key.segments().get(last) + MARK);
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
            String path = root.relativize(file).toString();
            if (path.endsWith(MARK) && attributes.isRegularFile()) {
                found.add(facts(ObjectKey.of(path.substring(0, path.length() - MARK.length())), attributes));
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
