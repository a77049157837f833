package org.llmfactory.leadership.store;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.Ballot;
import org.llmfactory.leadership.election.Ballots;
import org.llmfactory.rest.Json;

/** The ballot in a file of the home, replaced as a whole. */
public final class BallotFile implements Ballots {
    private record Content(long epoch, @Nullable String vote) {}

    private final Path file;

    public BallotFile(Path file) {
        this.file = file;
    }

    @Override
    public Ballot read() throws IOException {
        if (Files.notExists(file)) {
            return Ballot.NONE;
        }
        try {
            Content content = Json.MAPPER.readValue(Files.readAllBytes(file), Content.class);
            return new Ballot(
                    content.epoch(), Optional.ofNullable(content.vote()).map(AgentAddress::parse));
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new IOException(
                    "The vote of this controller in " + file + " is damaged. Remove the file; nothing else is lost.",
                    damaged);
        }
    }

    @Override
    public void write(Ballot ballot) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " lies in no folder");
        }
        Files.createDirectories(folder);
        Path next = folder.resolve(file.getFileName() + ".next");
        Content content = new Content(
                ballot.epoch(), ballot.vote().map(AgentAddress::toString).orElse(null));
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.write(content));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
