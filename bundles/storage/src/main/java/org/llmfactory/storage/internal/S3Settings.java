package org.llmfactory.storage.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A configuration of an S3 server that was found to be complete.
 *
 * @param endpoint URL of the server
 * @param prefix what the names in the bucket begin with
 * @param request how long a request may take in all
 * @param partSize bytes of a part of an upload
 */
record S3Settings(
        String endpoint,
        String bucket,
        String region,
        ObjectKey prefix,
        String accessKey,
        String secretKey,
        Duration connect,
        Duration idle,
        Duration request,
        int partSize) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final int MIB = 1024 * 1024;

    /** What S3 allows for a part that is not the last, and what fits into an array with room to spare. */
    private static final int MIN_PART = 5;

    private static final int MAX_PART = 1024;

    /**
     * Reads the configuration and the credentials.
     *
     * @param secrets the folder of the credentials file
     * @throws IllegalArgumentException when something is missing or wrong; the message says what
     * @throws IOException when the credentials file cannot be read
     */
    static S3Settings of(Config config, Path secrets) throws IOException {
        if (config.partSizeMib() < MIN_PART || config.partSizeMib() > MAX_PART) {
            throw new IllegalArgumentException("partSizeMib must be between 5 and 1024.");
        }
        String endpoint = given("endpoint", config.endpoint());
        String bucket = given("bucket", config.bucket());
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "The name of a bucket has 3 to 63 lower case letters, digits, dots and hyphens: " + bucket);
        }
        List<String> credentials = credentials(secrets, given("credentialsFile", config.credentialsFile()));
        return new S3Settings(
                endpoint,
                bucket,
                given("region", config.region()),
                ObjectKey.ofPrefix(config.prefix()),
                credentials.get(0),
                credentials.get(1),
                seconds("connectTimeoutSeconds", config.connectTimeoutSeconds()),
                seconds("idleTimeoutSeconds", config.idleTimeoutSeconds()),
                seconds("requestTimeoutSeconds", config.requestTimeoutSeconds()),
                config.partSizeMib() * MIB);
    }

    /** Without the keys, so that no log has them. */
    @Override
    public String toString() {
        return "bucket " + bucket + " of " + endpoint + (prefix.segments().isEmpty() ? "" : " below " + prefix);
    }

    private static String given(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("The object store is to be S3, but " + name + " is not set.");
        }
        return value.strip();
    }

    private static Duration seconds(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1.");
        }
        return Duration.ofSeconds(value);
    }

    private static List<String> credentials(Path secrets, String name) throws IOException {
        Path file = secrets.resolve(name);
        if (!secrets.normalize().equals(file.normalize().getParent())) {
            throw new IllegalArgumentException("credentialsFile is the name of a file in " + secrets + ", not a path.");
        }
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("The credentials file " + file + " is not there.");
        }
        Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
        others.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "The credentials in " + file + " can be used by others than its owner. Run: chmod 600 " + file);
        }
        List<String> lines = Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.size() != 2) {
            throw new IllegalArgumentException(
                    "The file " + file + " must hold the access key on one line and the secret key on the next.");
        }
        return lines;
    }
}
