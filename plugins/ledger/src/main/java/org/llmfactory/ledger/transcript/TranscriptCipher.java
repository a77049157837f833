package org.llmfactory.ledger.transcript;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.llmfactory.api.ledger.Transcript;

/**
 * Seals transcripts: AES-256-GCM with the entry's id as associated data. What is sealed is a random salt and the text; the
 * salt keys the digest in the entry, so that the digest tells nothing once the transcript is deleted.
 */
public final class TranscriptCipher {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, List<String>>> TEXTS = new TypeReference<>() {};
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int SALT = 32;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    /**
     * A transcript that nobody can read without the key.
     *
     * @param content nonce and cipher text, Base64
     * @param digest 64 hexadecimal digits, for the entry
     */
    public record Sealed(String content, String digest) {}

    /** A transcript that was opened. */
    public record Opened(Transcript transcript, String digest) {}

    /** A cipher with a key of 32 bytes. */
    public TranscriptCipher(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Seals what was said. */
    public Sealed seal(String id, Transcript transcript) {
        byte[] salt = random(SALT);
        byte[] text = text(transcript);
        byte[] nonce = random(NONCE);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, id, nonce);
            byte[] content = Arrays.copyOf(nonce, NONCE + cipher.getOutputSize(SALT + text.length));
            int offset = NONCE + cipher.update(salt, 0, SALT, content, NONCE);
            cipher.doFinal(text, 0, text.length, content, offset);
            return new Sealed(Base64.getEncoder().encodeToString(content), digest(salt, text));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("every Java has AES-GCM", failure);
        }
    }

    /**
     * Opens what {@link #seal} gave.
     *
     * @throws GeneralSecurityException when it was sealed for another entry, with another key, or changed
     */
    public Opened open(String id, String encoded) throws GeneralSecurityException {
        byte[] content = decode(encoded);
        if (content.length < NONCE + SALT + TAG_BITS / 8) {
            throw new GeneralSecurityException("too short");
        }
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, id, Arrays.copyOf(content, NONCE));
        byte[] plain = cipher.doFinal(content, NONCE, content.length - NONCE);
        byte[] text = Arrays.copyOfRange(plain, SALT, plain.length);
        return new Opened(transcript(text), digest(Arrays.copyOf(plain, SALT), text));
    }

    private static byte[] decode(String encoded) throws GeneralSecurityException {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException failure) {
            throw new GeneralSecurityException("not Base64", failure);
        }
    }

    private Cipher cipher(int mode, String id, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(id.getBytes(UTF_8));
        return cipher;
    }

    private static String digest(byte[] salt, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(salt, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text));
    }

    private static byte[] text(Transcript transcript) {
        try {
            return MAPPER.writeValueAsBytes(Map.of("input", transcript.input(), "output", transcript.output()));
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("texts are JSON", failure);
        }
    }

    private static Transcript transcript(byte[] text) throws GeneralSecurityException {
        try {
            Map<String, List<String>> texts = MAPPER.readValue(text, TEXTS);
            return new Transcript(texts.getOrDefault("input", List.of()), texts.getOrDefault("output", List.of()));
        } catch (IOException failure) {
            throw new GeneralSecurityException("not a transcript", failure);
        }
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
