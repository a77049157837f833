package org.llmfactory.files.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Content on its way into the store: counted, bounded and hashed. */
final class Incoming extends FilterInputStream {
    private final long maximum;
    private final MessageDigest sha256 = digest("SHA-256");
    private final MessageDigest md5 = digest("MD5");
    private long bytes;
    private boolean broken;

    Incoming(InputStream content, long maximum) {
        super(content);
        this.maximum = maximum;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (IOException e) {
            broken = true;
            throw e;
        }
        if (read > 0) {
            bytes += read;
            if (bytes > maximum) {
                throw FactoryException.ofParameter(
                        ErrorCode.PAYLOAD_TOO_LARGE, "file", "At most " + maximum + " bytes are taken here.");
            }
            sha256.update(buffer, offset, read);
            md5.update(buffer, offset, read);
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Whose fault it is that the content could not be stored: the sender's or the store's. */
    FactoryException failure(IOException cause) {
        return broken
                ? new FactoryException(ErrorCode.INVALID_REQUEST, "The content breaks off.", cause)
                : StoredFiles.unavailable(cause);
    }

    long bytes() {
        return bytes;
    }

    /** SHA-256 of what has come, in hex; to be asked once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** MD5 of what has come, in hex; to be asked once, at the end. Finds accidents, proves nothing. */
    String md5() {
        return HexFormat.of().formatHex(md5.digest());
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
