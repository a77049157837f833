package org.llmfactory.api.agent;

import java.util.Objects;

/**
 * A plugin's jar whose signature has been checked.
 *
 * @param symbolicName its identity
 * @param version of the bundle
 * @param digest SHA-256 of the jar, 64 lower-case hex digits
 * @param size of the jar in bytes
 * @param signer who signed it; not necessarily the certificate that is trusted, but one that it vouches for
 */
public record SignedPlugin(String symbolicName, String version, String digest, long size, PluginSigner signer) {
    public SignedPlugin {
        Objects.requireNonNull(symbolicName, "symbolicName");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(signer, "signer");
    }
}
