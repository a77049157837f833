package org.llmfactory.dataplane.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one file on a stream: head, content from an offset, end. */
final class FileSender implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(FileSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AgentStream stream;
    private final Path file;
    private final long offset;
    private final FileDigests digests;

    FileSender(AgentStream stream, Path file, long offset, FileDigests digests) {
        this.stream = stream;
        this.file = file;
        this.offset = offset;
        this.digests = digests;
    }

    @Override
    public void run() {
        try {
            send();
        } catch (FactoryException e) {
            log.debug("A file was not wanted to its end", e);
        } catch (IOException e) {
            log.warn("The file {} could not be sent to {}", file, stream.peer(), e);
            stream.cancel("The file could not be read.");
        } catch (InterruptedException e) {
            stream.cancel("The agent stops sending files.");
            Thread.currentThread().interrupt();
        }
    }

    private void send() throws IOException, InterruptedException {
        long size = Files.size(file);
        stream.send(FileMessages.write(new FileMessages.Head(size, digests.of(file))));
        try (SeekableByteChannel channel = Files.newByteChannel(file);
                InputStream in = Channels.newInputStream(channel.position(offset))) {
            byte[] buffer = new byte[AgentStream.MAXIMUM_MESSAGE];
            for (long left = size - offset; left > 0; ) {
                int read = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (read == 0) {
                    throw new EOFException("The file has become shorter while it was sent");
                }
                left -= read;
                awaitWritable();
                stream.send(read == buffer.length ? buffer.clone() : Arrays.copyOf(buffer, read));
            }
        }
        stream.finish();
    }

    /** The stream itself knows when the other end is gone. */
    private void awaitWritable() throws InterruptedException {
        while (!stream.awaitWritable(PATIENCE)) {
            log.debug("{} takes a file slowly", stream.peer());
        }
    }
}
