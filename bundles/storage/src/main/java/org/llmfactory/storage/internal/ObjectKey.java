package org.llmfactory.storage.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that is safe to use as a path.
 *
 * @param segments the names between the slashes, in order
 */
record ObjectKey(List<String> segments) {
    /** What the path of a blob ends with. No key may hold it, so it keeps the blob {@code a} apart from a folder {@code a}. */
    static final String MARK = "@";

    private static final int MAX_LENGTH = 512;
    private static final Pattern SEGMENT = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._=-]+");

    ObjectKey {
        segments = List.copyOf(segments);
    }

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    static ObjectKey of(String key) {
        List<String> segments = List.of(key.split("/", -1));
        if (key.length() > MAX_LENGTH
                || !segments.stream().allMatch(name -> SEGMENT.matcher(name).matches())) {
            throw new IllegalArgumentException("malformed object key");
        }
        return new ObjectKey(segments);
    }

    /** Reads a prefix: a key, perhaps with a slash behind it, or nothing at all. */
    static ObjectKey ofPrefix(String prefix) {
        String key = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return key.isEmpty() ? new ObjectKey(List.of()) : of(key);
    }

    /** Reads a {@link #path}; empty when it is none. */
    static Optional<ObjectKey> ofPath(String path) {
        if (!path.endsWith(MARK)) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(path.substring(0, path.length() - MARK.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where the blob lies in a raw store. */
    String path() {
        return this + MARK;
    }

    /** The project whose blob this names: {@code projects/<id>/...}. */
    Optional<String> project() {
        return segments.size() > 2 && segments.get(0).equals("projects")
                ? Optional.of(segments.get(1))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
