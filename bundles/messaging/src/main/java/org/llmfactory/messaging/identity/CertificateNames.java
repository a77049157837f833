package org.llmfactory.messaging.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;

/**
 * What the network's certificates say, as URIs among their subject alternative names: an agent's has {@code
 * urn:llmfactory:agent:<tenant>:<name>} and {@code urn:llmfactory:region:<region>}, an authority's {@code
 * urn:llmfactory:authority:<region>}.
 */
public final class CertificateNames {
    private static final String AGENT = "urn:llmfactory:agent:";
    private static final String REGION = "urn:llmfactory:region:";
    private static final String AUTHORITY = "urn:llmfactory:authority:";
    private static final int URI = 6;

    private CertificateNames() {}

    public static String agent(AgentAddress address) {
        return AGENT + address.tenant() + ":" + address.name();
    }

    public static String region(String region) {
        return REGION + region;
    }

    public static String authority(String region) {
        return AUTHORITY + region;
    }

    /** The agent that a certificate names; empty when it names none, or more than one. */
    public static Optional<AgentAddress> agent(X509Certificate certificate) throws CertificateParsingException {
        try {
            return only(certificate, AGENT).map(name -> AgentAddress.parse(name.replaceFirst(":", "/")));
        } catch (IllegalArgumentException e) {
            throw new CertificateParsingException("The certificate's agent name is malformed", e);
        }
    }

    /** The region that an agent's certificate names. */
    public static Optional<String> region(X509Certificate certificate) throws CertificateParsingException {
        return only(certificate, REGION);
    }

    /** The region whose authority a certificate is. */
    public static Optional<String> authority(X509Certificate certificate) throws CertificateParsingException {
        return only(certificate, AUTHORITY);
    }

    private static Optional<String> only(X509Certificate certificate, String prefix)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return Optional.empty();
        }
        List<String> found = names.stream()
                .filter(name -> name.get(0).equals(URI) && name.get(1) instanceof String)
                .map(name -> (String) name.get(1))
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
