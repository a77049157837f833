package org.llmfactory.messaging.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
    private final IssuingAuthority authority = IssuingAuthority.newRoot("central", Instant.now());

    @Test
    void certificatesAndKeysComeBack() throws GeneralSecurityException {
        List<X509Certificate> two = List.of(
                authority.root(),
                IssuingAuthority.newRoot("other", Instant.now()).root());
        assertThat(Pem.readCertificates(Pem.write(two))).isEqualTo(two);
        assertThat(Pem.readKey(Pem.write(authority.key()))).isEqualTo(authority.key());
        assertThat(Pem.certificate(authority.root().getEncoded())).isEqualTo(authority.root());
    }

    @Test
    void otherTextIsRefused() {
        assertThat(catchCertificates("nothing")).isEmpty();
        assertThatThrownBy(() -> Pem.readCertificates(Pem.write(authority.key())))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> Pem.readKey(Pem.write(List.of(authority.root()))))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.readKey("")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.certificate(new byte[] {1, 2, 3})).isInstanceOf(CertificateException.class);
    }

    private static List<X509Certificate> catchCertificates(String text) {
        try {
            return Pem.readCertificates(text);
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }
}
