package org.llmfactory.agent.signature;

import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Why a jar or a certificate is not taken. Names in it come from strangers and are made harmless. */
final class Refusal {
    private static final int LONGEST = 200;

    private Refusal() {}

    /** A refusal; the reason follows the subject, for example {@code it is not signed}. */
    static FactoryException of(String reason) {
        return of(reason, null);
    }

    static FactoryException of(String reason, @Nullable Throwable cause) {
        return new FactoryException(ErrorCode.INVALID_FILE, "The plugin is refused: " + reason + ".", cause);
    }

    /** A refusal that is a sentence of its own, about a certificate. */
    static FactoryException ofCertificate(String sentence, @Nullable Throwable cause) {
        return new FactoryException(ErrorCode.INVALID_FILE, sentence + ".", cause);
    }

    static FactoryException ofCertificate(String sentence) {
        return ofCertificate(sentence, null);
    }

    /** A name as it may be shown. */
    static String quoted(String name) {
        String shown = name.replaceAll("[^\\p{Graph} ]", "?");
        return "'" + (shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown) + "'";
    }
}
