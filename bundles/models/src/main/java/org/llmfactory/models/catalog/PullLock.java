package org.llmfactory.models.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** The right to pull one model, across processes, with a place to work in. Names begin with a dot: no model has such. */
final class PullLock implements AutoCloseable {
    private final Path models;
    private final String prefix;
    private final FileChannel channel;

    private PullLock(Path models, String prefix, FileChannel channel) {
        this.models = models;
        this.prefix = prefix;
        this.channel = channel;
    }

    static PullLock take(Path models, String id) throws IOException {
        FileChannel channel =
                FileChannel.open(models.resolve(".lock-" + id), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new FactoryException(
                    ErrorCode.CONFLICT, "The model " + id + " is being pulled already; wait for that to end.");
        }
        return new PullLock(models, ".pull-" + id + "-", channel);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** An empty folder on the same file system as the models. */
    Path workFolder() throws IOException {
        return Files.createTempDirectory(models, prefix);
    }

    /** Removes what a pull left that was killed. */
    void removeRemains() throws IOException {
        List<Path> remains;
        try (Stream<Path> entries = Files.list(models)) {
            remains = entries.filter(
                            entry -> String.valueOf(entry.getFileName()).startsWith(prefix))
                    .toList();
        }
        for (Path remain : remains) {
            Folders.delete(remain);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
