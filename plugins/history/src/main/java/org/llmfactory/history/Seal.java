package org.llmfactory.history;

import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.llmfactory.database.Secret;

/**
 * What the tables keep of texts that were sealed: a byte for the version of this format, then what {@link Secret#seal}
 * returned.
 */
final class Seal {
    private static final byte VERSION = 1;

    private final Secret secret;

    Seal(Secret secret) {
        this.secret = secret;
    }

    byte[] close(byte[] plain, byte[] context) {
        byte[] sealed = secret.seal(plain, context);
        byte[] versioned = new byte[1 + sealed.length];
        versioned[0] = VERSION;
        System.arraycopy(sealed, 0, versioned, 1, sealed.length);
        return versioned;
    }

    /**
     * What was sealed.
     *
     * @throws AEADBadTagException when it was sealed under another key or in another context, or is damaged
     */
    byte[] open(byte[] versioned, byte[] context) throws AEADBadTagException {
        if (versioned.length == 0 || versioned[0] != VERSION) {
            throw new AEADBadTagException("not a sealed text of this version");
        }
        return secret.open(Arrays.copyOfRange(versioned, 1, versioned.length), context);
    }
}
