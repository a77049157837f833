package org.llmfactory.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

final class SealTest {
    private final Seal seal = new Seal(Seal.newKey());

    @Test
    void whatWasSealedOpensInItsContextOnly() throws AEADBadTagException {
        byte[] sealed = seal.close(bytes("words"), bytes("here"));

        assertThat(seal.open(sealed, bytes("here"))).isEqualTo(bytes("words"));
        assertThatThrownBy(() -> seal.open(sealed, bytes("there"))).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> new Seal(Seal.newKey()).open(sealed, bytes("here")))
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

    @Test
    void equalWordsAreSealedDifferentlyEachTime() {
        assertThat(seal.close(bytes("words"), bytes("here"))).isNotEqualTo(seal.close(bytes("words"), bytes("here")));
    }

    @Test
    void keysForTwoPurposesDiffer() {
        assertThat(seal.derived(bytes("a"))).hasSize(32).isNotEqualTo(seal.derived(bytes("b")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
