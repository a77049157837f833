package org.llmfactory.messaging.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What an agent presents of itself: a chain and the key that belongs to its first certificate. */
public record Presented(List<X509Certificate> chain, PrivateKey key) {
    public Presented {
        chain = List.copyOf(chain);
    }
}
