package org.llmfactory.auth.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SealTest {
    private final Seal seal = new Seal(new Pepper(new byte[32]), "test");

    @Test
    void sealedSecretIsKnownAndNoOtherText() {
        String sealed = seal.put("sk-proj-0123");

        assertThat(sealed).matches("sk-proj-0123[0-9a-f]{16}");
        assertThat(seal.isOn(sealed)).isTrue();
        for (int i = 0; i < sealed.length(); i++) {
            String changed = sealed.substring(0, i) + (sealed.charAt(i) == '0' ? '1' : '0') + sealed.substring(i + 1);
            assertThat(seal.isOn(changed)).as(changed).isFalse();
            assertThat(seal.isOn(sealed.substring(0, i))).isFalse();
        }
        assertThat(seal.isOn(sealed + "0")).isFalse();
    }

    @Test
    void sealOfAnotherPurposeOrPlatformIsNone() {
        byte[] other = new byte[32];
        other[31] = 1;

        assertThat(seal.isOn(new Seal(new Pepper(new byte[32]), "other").put("secret")))
                .isFalse();
        assertThat(seal.isOn(new Seal(new Pepper(other), "test").put("secret"))).isFalse();
    }
}
