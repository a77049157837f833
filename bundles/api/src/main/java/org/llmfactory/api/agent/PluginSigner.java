package org.llmfactory.api.agent;

import java.time.Instant;
import java.util.Objects;

/**
 * Who signs plugins: a code-signing certificate, or an authority that issues such certificates.
 *
 * @param fingerprint SHA-256 of the certificate, 64 lower-case hex digits
 * @param name whom the certificate names
 * @param notBefore when it begins to be valid
 * @param notAfter when it ends
 * @param authority true when every code-signing certificate it issued counts
 * @param certificate the certificate in PEM
 */
public record PluginSigner(
        String fingerprint, String name, Instant notBefore, Instant notAfter, boolean authority, String certificate) {
    public PluginSigner {
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(notBefore, "notBefore");
        Objects.requireNonNull(notAfter, "notAfter");
        Objects.requireNonNull(certificate, "certificate");
    }
}
