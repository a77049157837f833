package org.llmfactory.messaging.identity;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.llmfactory.api.network.AgentAddress;

/** Certificates that an authority would not issue. */
public final class TestCertificates {
    private TestCertificates() {}

    public static List<X509Certificate> issueAgent(
            IssuingAuthority authority, PublicKey key, AgentAddress agent, String region, Instant from, Instant until) {
        return authority.issueAgent(key, agent, region, from, until);
    }

    public static List<X509Certificate> issueRegion(
            IssuingAuthority authority, PublicKey key, String region, Instant from, Instant until) {
        return authority.issueRegion(key, region, from, until);
    }
}
