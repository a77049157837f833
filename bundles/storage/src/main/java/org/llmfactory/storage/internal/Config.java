package org.llmfactory.storage.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Where the platform keeps its blobs. */
@ObjectClassDefinition(
        name = "Object store",
        description = "Files in the home by default, or a bucket of an S3 server, which several agents can share.")
public @interface Config {
    /** {@code file} or {@code s3}. */
    @AttributeDefinition(
            name = "Kind",
            description = "Files in <home>/objects, or a bucket.",
            options = {@Option("file"), @Option("s3")})
    String kind() default "file";

    /** The S3 server. */
    @AttributeDefinition(
            name = "Endpoint",
            description = "URL of the S3 server, without a path: https://host:port",
            required = false)
    String endpoint() default "";

    /** The bucket, which must exist. */
    @AttributeDefinition(name = "Bucket", description = "Must exist.", required = false)
    String bucket() default "";

    /** The region that requests are signed for. */
    @AttributeDefinition(name = "Region", description = "The region that requests are signed for.", required = false)
    String region() default "us-east-1";

    /** What the names in the bucket begin with. */
    @AttributeDefinition(
            name = "Prefix",
            description = "What the names in the bucket begin with, a slash is added. Empty: the whole bucket.",
            required = false)
    String prefix() default "";

    /** The file with the keys. */
    @AttributeDefinition(
            name = "Credentials file",
            description =
                    "A file in <home>/secrets, mode 0600: the access key on one line, the secret key on the next.",
            required = false)
    String credentialsFile() default "s3.credentials";

    /** How long a connection is waited for. */
    @AttributeDefinition(
            name = "Connection timeout (seconds)",
            description = "How long a connection to the server is waited for.")
    int connectTimeoutSeconds() default 5;

    /** How long a connection may be silent. */
    @AttributeDefinition(
            name = "Idle timeout (seconds)",
            description = "How long a connection may be silent while something is awaited from it.")
    int idleTimeoutSeconds() default 20;

    /** How long a request may take. */
    @AttributeDefinition(
            name = "Request timeout (seconds)",
            description =
                    "How long a request may take in all, a part of an upload too; reading a blob is not limited by it.")
    int requestTimeoutSeconds() default 120;

    /** Size of a part of an upload. */
    @AttributeDefinition(
            name = "Part size (MiB)",
            description =
                    "Longer blobs are sent in parts of this size, 10000 at most; an upload takes twice as much memory.")
    int partSizeMib() default 16;
}
