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
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.database.Secret;

/**
 * Seals transcripts: AES-256-GCM with the entry's id as associated data. What is sealed is a random salt and the text; the
 * salt keys the digest in the entry, so that the digest tells nothing once the transcript is deleted.
 */
public final class TranscriptCipher {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, List<String>>> TEXTS = new TypeReference<>() {};
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT = Secret.BYTES;

    private final Secret secret;

    /**
     * A transcript that nobody can read without the key.
     *
     * @param content nonce and cipher text, Base64
     * @param digest 64 hexadecimal digits, for the entry
     */
    public record Sealed(String content, String digest) {}

    /** A transcript that was opened. */
    public record Opened(Transcript transcript, String digest) {}

    public TranscriptCipher(Secret secret) {
        this.secret = secret;
    }

    /** Seals what was said. */
    public Sealed seal(String id, Transcript transcript) {
        byte[] text = text(transcript);
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        byte[] salted = Arrays.copyOf(salt, SALT + text.length);
        System.arraycopy(text, 0, salted, SALT, text.length);
        byte[] content = secret.seal(salted, id.getBytes(UTF_8));
        return new Sealed(Base64.getEncoder().encodeToString(content), digest(salt, text));
    }

    /**
     * Opens what {@link #seal} gave.
     *
     * @throws GeneralSecurityException when it was sealed for another entry, with another key, or changed
     */
    public Opened open(String id, String encoded) throws GeneralSecurityException {
        byte[] salted = secret.open(decode(encoded), id.getBytes(UTF_8));
        if (salted.length < SALT) {
            throw new GeneralSecurityException("too short");
        }
        byte[] text = Arrays.copyOfRange(salted, SALT, salted.length);
        return new Opened(transcript(text), digest(Arrays.copyOf(salted, SALT), text));
    }

    private static byte[] decode(String encoded) throws GeneralSecurityException {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException failure) {
            throw new GeneralSecurityException("not Base64", failure);
        }
    }

    private static String digest(byte[] salt, byte[] text) {
        return HexFormat.of().formatHex(new Secret(salt).hmac(text));
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
}
