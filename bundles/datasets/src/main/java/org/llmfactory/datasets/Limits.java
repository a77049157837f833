package org.llmfactory.datasets;

/**
 * How much is read at most.
 *
 * @param rowBytes of a row, or of a line of text
 * @param documentBytes of a PDF, Word or HTML file, and of the text that comes out of it
 */
public record Limits(int rowBytes, long documentBytes) {
    public static final Limits DEFAULT = new Limits(4 << 20, 128L << 20);

    public Limits {
        if (rowBytes < 1 || documentBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
