package org.llmfactory.agent.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** That whoever wrote something knows the token's secret: HMAC-SHA-256 over everything written, each part with its length. */
final class Proof {
    private static final String HMAC = "HmacSHA256";

    private final Mac mac;

    /**
     * Begins a proof.
     *
     * @param purpose so that no proof of one message is one of another
     */
    Proof(byte[] secret, String purpose) {
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
        add(purpose);
    }

    Proof add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
        return this;
    }

    Proof add(List<String> texts) {
        add(Integer.toString(texts.size()));
        texts.forEach(this::add);
        return this;
    }

    /** 64 lower-case hex digits. */
    String text() {
        return HexFormat.of().formatHex(mac.doFinal());
    }

    /** Whether a proof is this one; how long it takes tells nothing. */
    boolean is(String claimed) {
        return MessageDigest.isEqual(text().getBytes(UTF_8), claimed.getBytes(UTF_8));
    }
}
