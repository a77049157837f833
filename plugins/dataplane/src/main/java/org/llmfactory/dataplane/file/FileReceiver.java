package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;

/** Hears one stream of a file and writes what comes; a full disk queue holds up the sender. */
final class FileReceiver implements StreamListener {
    private final PartFile part;
    private final HeadCheck check;
    private final CompletableFuture<FileMessages.Head> outcome = new CompletableFuture<>();
    private FileMessages.@Nullable Head head;

    FileReceiver(PartFile part, HeadCheck check) {
        this.part = part;
        this.check = check;
    }

    /** Looks at what is said of the file before anything is written. */
    interface HeadCheck {
        void check(FileMessages.Head head) throws IOException;
    }

    /** Completed once the stream has brought everything, or exceptionally. */
    CompletableFuture<FileMessages.Head> outcome() {
        return outcome;
    }

    @Override
    public void onMessage(byte[] message) {
        if (outcome.isDone()) {
            return;
        }
        try {
            take(message);
        } catch (IOException | RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }

    private void take(byte[] message) throws IOException {
        FileMessages.Head known = head;
        if (known == null) {
            FileMessages.Head said = FileMessages.read(message, FileMessages.Head.class);
            check.check(said);
            head = said;
        } else if (part.written() + message.length > known.size()) {
            throw new FactoryException(ErrorCode.INVALID_FILE, "More was sent of the file than it is said to have.");
        } else {
            part.append(message);
        }
    }

    @Override
    public void onEnd() {
        FileMessages.Head known = head;
        if (known == null || part.written() < known.size()) {
            outcome.completeExceptionally(
                    new FactoryException(ErrorCode.INVALID_FILE, "Less was sent of the file than it is said to have."));
        } else {
            outcome.complete(known);
        }
    }

    @Override
    public void onFailure(FactoryException reason) {
        outcome.completeExceptionally(reason);
    }
}
