package org.llmfactory.messaging.keeper;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.CertificateProfile;

/**
 * A chain whose signatures and names are right, which stay so; when it is valid, and which serial numbers it stands on.
 *
 * @param agent whose it is
 * @param from when the last of its certificates has begun
 * @param until when the first of them ends
 * @param serials of all its certificates
 */
record VerifiedChain(AgentAddress agent, Instant from, Instant until, Set<String> serials) {
    static VerifiedChain of(AgentAddress agent, List<X509Certificate> chain, X509Certificate root) {
        Instant from = root.getNotBefore().toInstant();
        Instant until = root.getNotAfter().toInstant();
        Set<String> serials = new HashSet<>();
        for (X509Certificate certificate : chain) {
            Instant begin = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            from = begin.isAfter(from) ? begin : from;
            until = end.isBefore(until) ? end : until;
            serials.add(CertificateProfile.serial(certificate));
        }
        return new VerifiedChain(agent, from, until, Set.copyOf(serials));
    }

    /** What has to be asked each time. */
    AgentAddress check(Instant now, Set<String> revoked) throws CertificateException {
        for (String serial : serials) {
            if (revoked.contains(serial)) {
                throw new CertificateException("The certificate of " + agent + " is revoked");
            }
        }
        if (now.isBefore(from)) {
            throw new CertificateNotYetValidException("The certificate of " + agent + " is not valid before " + from
                    + ", and it is " + now + " here; are the clocks right?");
        }
        if (now.isAfter(until)) {
            throw new CertificateExpiredException(
                    "The certificate of " + agent + " has ended at " + until + ", and it is " + now + " here");
        }
        return agent;
    }
}
