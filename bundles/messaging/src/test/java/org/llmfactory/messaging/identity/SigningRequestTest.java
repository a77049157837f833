package org.llmfactory.messaging.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;

class SigningRequestTest {
    private final KeyPair keys = CertificateProfile.newKeyPair();

    @Test
    void aRequestCarriesItsKey() {
        assertThat(SigningRequest.verify(SigningRequest.create(keys))).isEqualTo(keys.getPublic());
    }

    @Test
    void aRequestForSomebodyElsesKeyIsRefused() {
        KeyPair mixed = new KeyPair(CertificateProfile.newKeyPair().getPublic(), keys.getPrivate());
        refused(SigningRequest.create(mixed));
    }

    @Test
    void anythingElseIsRefused() {
        byte[] good = SigningRequest.create(keys);
        Random random = new Random(7);
        refused(new byte[0]);
        refused(new byte[5000]);
        for (int i = 0; i < 300; i++) {
            byte[] altered = good.clone();
            altered[random.nextInt(altered.length)] ^= (byte) (1 + random.nextInt(255));
            refused(altered);
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            refused(noise);
        }
    }

    private static void refused(byte[] request) {
        assertThatThrownBy(() -> SigningRequest.verify(request)).isInstanceOf(FactoryException.class);
    }
}
