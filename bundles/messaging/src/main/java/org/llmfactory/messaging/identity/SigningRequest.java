package org.llmfactory.messaging.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Requests for certificates (PKCS#10): a public key and the proof that whoever asks has the private one. The name in it is
 * nobody's claim; the authority knows whom it certifies.
 */
public final class SigningRequest {
    private static final int MAXIMUM = 4096;

    private SigningRequest() {}

    /** Asks for a certificate: PKCS#10, DER. */
    public static byte[] create(KeyPair key) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=agent"), key.getPublic())
                    .build(new JcaContentSignerBuilder(CertificateProfile.SIGNATURE).build(key.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalArgumentException("The key cannot sign a request", e);
        }
    }

    /**
     * Checks a request.
     *
     * @param encoded PKCS#10, DER, as somebody sent it
     * @return the key to certify, EC P-256
     * @throws FactoryException {@code INVALID_VALUE} for anything that is no such request, or not signed with its own key
     */
    public static PublicKey verify(byte[] encoded) {
        if (encoded.length > MAXIMUM) {
            throw refused(null);
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(encoded);
            PublicKey key = request.getPublicKey();
            if (!Arrays.equals(request.getEncoded(), encoded)
                    || !CertificateProfile.isP256(key)
                    || !request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw refused(null);
            }
            return key;
        } catch (FactoryException e) {
            throw e;
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw refused(e);
        } catch (RuntimeException e) {
            // The parser throws all kinds of them for bytes that are no request.
            throw refused(e);
        }
    }

    private static FactoryException refused(@org.jspecify.annotations.Nullable Exception cause) {
        return new FactoryException(
                ErrorCode.INVALID_VALUE,
                "The certificate signing request is not one of an EC P-256 key, signed with that key.",
                cause);
    }
}
