package org.llmfactory.messaging.envelope;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Pem;

/**
 * Signed messages: the message, the sender's chain of certificates, and his ECDSA signature over both. Chains are read once
 * and remembered; whether one is believed is asked each time.
 */
final class Signing {
    private static final byte[] PURPOSE = "llmfactory control message 1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAXIMUM_CHAIN = 8 * 1024;
    private static final int MAXIMUM_CERTIFICATES = 4;
    private static final int MAXIMUM_SIGNATURE = 80;
    private static final int MAXIMUM_CONTENT = Message.MAXIMUM_BODY + 1024;
    private static final int REMEMBERED = 1024;

    private final NetworkIdentity identity;
    private final FastSignature signatures = new FastSignature();
    private final Map<String, Sender> senders = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sender> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Somebody's chain, and the key that he signs with. */
    private record Sender(List<X509Certificate> chain, PublicKey key) {}

    Signing(NetworkIdentity identity) {
        this.identity = identity;
    }

    byte[] sign(Message message) {
        List<X509Certificate> chain = identity.chain();
        PrivateKey key = identity.key();
        while (chain != identity.chain()) {
            // A renewal came in between: the key is the other chain's.
            chain = identity.chain();
            key = identity.key();
        }
        byte[] content = MessageFormat.write(message);
        byte[] encodedChain = write(chain);
        byte[] signature = signatures.sign(key, signed(content, encodedChain));
        return new BinaryWriter()
                .block(content)
                .block(encodedChain)
                .block(signature)
                .bytes();
    }

    Received verify(byte[] signed) throws RefusedException {
        BoundedReader in = new BoundedReader(signed);
        byte[] content = in.block(MAXIMUM_CONTENT);
        byte[] encodedChain = in.block(MAXIMUM_CHAIN);
        byte[] value = in.block(MAXIMUM_SIGNATURE);
        in.end();
        Sender signer = read(encodedChain);
        AgentAddress sender = believed(signer.chain());
        if (!FastSignature.verify(signer.key(), signed(content, encodedChain), value)) {
            throw new RefusedException(Refusal.WRONG_SIGNATURE, "The message is not signed by " + sender);
        }
        return new Received(sender, MessageFormat.read(content));
    }

    private AgentAddress believed(List<X509Certificate> chain) throws RefusedException {
        try {
            return identity.trust().verify(chain);
        } catch (CertificateException e) {
            throw new RefusedException(Refusal.UNTRUSTED, String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] signed(byte[] content, byte[] chain) {
        return new BinaryWriter().exactly(PURPOSE).block(content).block(chain).bytes();
    }

    private static byte[] write(List<X509Certificate> chain) {
        BinaryWriter out = new BinaryWriter().oneByte(chain.size());
        try {
            for (X509Certificate certificate : chain) {
                out.block(certificate.getEncoded());
            }
        } catch (CertificateException e) {
            throw new IllegalStateException("This agent's certificate has no encoding", e);
        }
        return out.bytes();
    }

    private Sender read(byte[] encoded) throws RefusedException {
        String known = new String(encoded, StandardCharsets.ISO_8859_1);
        Sender remembered = remembered(known);
        if (remembered != null) {
            return remembered;
        }
        BoundedReader in = new BoundedReader(encoded);
        int count = in.oneByte();
        if (count < 1 || count > MAXIMUM_CERTIFICATES) {
            throw BoundedReader.malformed();
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                byte[] der = in.block(MAXIMUM_CHAIN);
                X509Certificate certificate = Pem.certificate(der);
                if (!Arrays.equals(certificate.getEncoded(), der)) {
                    throw BoundedReader.malformed();
                }
                chain.add(certificate);
            }
        } catch (CertificateException e) {
            throw new RefusedException(Refusal.MALFORMED, "The message holds no certificates", e);
        }
        in.end();
        Sender sender = new Sender(
                List.copyOf(chain), FastSignature.translate(chain.get(0).getPublicKey()));
        remember(known, sender);
        return sender;
    }

    private @Nullable Sender remembered(String encoded) {
        synchronized (senders) {
            return senders.get(encoded);
        }
    }

    private void remember(String encoded, Sender sender) {
        synchronized (senders) {
            senders.put(encoded, sender);
        }
    }
}
