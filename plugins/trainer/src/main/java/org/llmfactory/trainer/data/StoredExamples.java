package org.llmfactory.trainer.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.TrainingData;

/** Reads the examples of data in the object store. Safe for use by several threads. */
public final class StoredExamples {
    private final long maxTokens;

    /**
     * @param maxTokens of a dataset at most
     */
    public StoredExamples(long maxTokens) {
        this.maxTokens = maxTokens;
    }

    /**
     * Reads a dataset and checks that it is the one that was ordered.
     *
     * @param maxLength tokens of an example at most
     * @throws FactoryException {@code INVALID_FILE} when it cannot be used, is gone or is another one
     */
    public Examples read(ObjectStore store, Stage stage, TrainingData data, TextCodec text, int maxLength)
            throws IOException {
        MessageDigest digest = sha256();
        InputStream stored = store.open(data.key(), 0)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.INVALID_FILE, "the file " + data.filename() + " is not there any more"));
        try (InputStream content = new DigestInputStream(stored, digest)) {
            Examples examples =
                    Examples.read(stage, data.filename(), new UnclosedStream(content), text, maxLength, maxTokens);
            content.transferTo(OutputStream.nullOutputStream());
            if (!HexFormat.of().formatHex(digest.digest()).equals(data.digest())) {
                throw new FactoryException(
                        ErrorCode.INVALID_FILE, "the file " + data.filename() + " is not what was ordered");
            }
            return examples;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A stream whose reader may close it, and which can be read on all the same. */
    private static final class UnclosedStream extends FilterInputStream {
        UnclosedStream(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // whoever opened it closes it
        }
    }
}
