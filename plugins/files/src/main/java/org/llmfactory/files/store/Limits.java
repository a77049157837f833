package org.llmfactory.files.store;

import java.time.Duration;

/**
 * How much is taken.
 *
 * @param fileBytes of a file that comes in one piece, or is made of others
 * @param uploadBytes of a file that comes in parts
 * @param partBytes of a part
 * @param uploadTime how long the parts may take
 */
public record Limits(long fileBytes, long uploadBytes, long partBytes, Duration uploadTime) {
    public static final Limits DEFAULT = new Limits(512L << 20, 8L << 30, 64L << 20, Duration.ofHours(1));

    public Limits {
        if (fileBytes < 1 || uploadBytes < 1 || partBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
