package org.llmfactory.api.model;

import org.osgi.annotation.versioning.ProviderType;

/** Decodes one sequence token by token. Confined to one thread at a time. */
@ProviderType
public interface StreamingDecoder {
    /**
     * Takes the next token and returns the text that is now certain: never half a UTF-8 character, possibly empty. The
     * concatenation of all returned texts and {@link #finish()} equals decoding the whole sequence at once.
     */
    String append(int id);

    /** What is still held back, with incomplete characters as U+FFFD. */
    String finish();
}
