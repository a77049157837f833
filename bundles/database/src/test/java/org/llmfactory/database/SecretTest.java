package org.llmfactory.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretTest {
    private final Secret secret = Secret.random();

    @Test
    void whatWasSealedOpensInItsContextOnly() throws AEADBadTagException {
        byte[] sealed = secret.seal(bytes("words"), bytes("here"));

        assertThat(secret.open(sealed, bytes("here"))).isEqualTo(bytes("words"));
        assertThatThrownBy(() -> secret.open(sealed, bytes("there"))).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Secret.random().open(sealed, bytes("here"))).isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void everyChangedOrMissingByteIsNoticed() {
        byte[] sealed = secret.seal(bytes("words"), bytes("here"));

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> secret.open(changed, bytes("here"))).isInstanceOf(AEADBadTagException.class);
            byte[] cut = Arrays.copyOf(sealed, i);
            assertThatThrownBy(() -> secret.open(cut, bytes("here"))).isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void equalWordsAreSealedDifferentlyEachTime() {
        assertThat(secret.seal(bytes("words"), bytes("here"))).isNotEqualTo(secret.seal(bytes("words"), bytes("here")));
    }

    /** The format that is in databases already: test case 16 of the GCM specification (McGrew, Viega). */
    @Test
    void aSealedTextOfTheSpecificationOpens() throws AEADBadTagException {
        Secret published = new Secret(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
        byte[] sealed = hex("cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b");

        assertThat(published.open(sealed, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")))
                .isEqualTo(hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"));
    }

    /** RFC 4231 has no case with a key of 32 bytes; a shorter key is the same as one that is filled up with zeros. */
    @Test
    void theHashIsTheOneOfTheSpecification() {
        byte[] jefe = Arrays.copyOf(bytes("Jefe"), Secret.BYTES);
        byte[] expected = hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

        assertThat(new Secret(jefe).hmac(bytes("what do ya want for nothing?"))).isEqualTo(expected);
        assertThat(new Secret(jefe).hmac(bytes("what do ya want"), bytes(" for nothing?")))
                .isEqualTo(expected);
    }

    @Test
    void keysForTwoPurposesDiffer() {
        assertThat(secret.derive(bytes("a")).bytes())
                .isEqualTo(secret.hmac(bytes("a")))
                .isNotEqualTo(secret.derive(bytes("b")).bytes());
    }

    @Test
    void theKeyInAFileIsTheSameEachTime(@TempDir Path folder) {
        assertThat(Secret.in(folder.resolve("a.key")).bytes())
                .isEqualTo(Secret.in(folder.resolve("a.key")).bytes());
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> new Secret(new byte[16]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The key has 16 bytes instead of 32.");
    }

    @Test
    void nothingChangesAKey() {
        byte[] given = new byte[Secret.BYTES];
        Secret fixed = new Secret(given);
        given[0] = 1;
        fixed.bytes()[0] = 1;

        assertThat(fixed.bytes()).isEqualTo(new byte[Secret.BYTES]);
    }

    @Test
    void sha256IsTheOneOfTheSpecification() {
        String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assertThat(Sha256.hex("abc")).isEqualTo(expected);
        assertThat(Sha256.hash(bytes("a"), bytes("bc"))).isEqualTo(hex(expected));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
