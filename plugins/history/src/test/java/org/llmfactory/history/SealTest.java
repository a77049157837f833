package org.llmfactory.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.llmfactory.database.Secret;

final class SealTest {
    private static final String STORED = "016d0f0c81a72ebd600992e4f0cfabac8a5782e2373ebdfbb0899720aac30e1a92da";

    private final Seal seal = new Seal(Secret.random());

    @Test
    void whatWasSealedOpensInItsContextOnly() throws AEADBadTagException {
        byte[] sealed = seal.close(bytes("words"), bytes("here"));

        assertThat(seal.open(sealed, bytes("here"))).isEqualTo(bytes("words"));
        assertThatThrownBy(() -> seal.open(sealed, bytes("there"))).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> new Seal(Secret.random()).open(sealed, bytes("here")))
                .isInstanceOf(AEADBadTagException.class);
    }

    @Test
    void everyChangedByteIsNoticed() {
        byte[] sealed = seal.close(bytes("words"), bytes("here"));

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal.open(changed, bytes("here"))).isInstanceOf(AEADBadTagException.class);
        }
        assertThatThrownBy(() -> seal.open(new byte[0], bytes("here"))).isInstanceOf(AEADBadTagException.class);
    }

    /** What was stored by an earlier version of this program. */
    @Test
    void storedTextsStayReadable() throws AEADBadTagException {
        Seal zero = new Seal(new Secret(new byte[Secret.BYTES]));
        byte[] stored = HexFormat.of().parseHex(STORED);

        assertThat(zero.open(stored, bytes("here"))).isEqualTo(bytes("words"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
