package org.llmfactory.agent.join;

import java.util.Base64;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.Meaning;

/**
 * An agent asks for a certificate: arguments of {@link #RENEW} and {@link #CERTIFY}.
 *
 * @param request PKCS#10 in DER, Base64
 */
public record SigningOrder(
        @Meaning("signing request, PKCS#10 in DER, Base64") String request) {
    /** The action of controllers that renews the caller's own certificate. */
    public static final String RENEW = "certificate.renew";

    /** The action of controllers that makes the caller the authority of his own region. */
    public static final String CERTIFY = "authority.certify";

    /**
     * An order for a request.
     *
     * @param der PKCS#10
     */
    public static SigningOrder of(byte[] der) {
        return new SigningOrder(Base64.getEncoder().encodeToString(der));
    }

    /**
     * The request.
     *
     * @throws FactoryException {@code INVALID_VALUE} when it is no Base64
     */
    public byte[] der() {
        try {
            return Base64.getDecoder().decode(request);
        } catch (IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The signing request is malformed.", e);
        }
    }
}
