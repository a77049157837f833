package org.llmfactory.ledger.transcript;

import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.ledger.transcript.TranscriptCipher.Opened;

/** Reads transcripts. Safe for use by several threads. */
public final class Transcripts {
    private final Jdbi tables;
    private final TranscriptCipher cipher;

    public Transcripts(Jdbi tables, TranscriptCipher cipher) {
        this.tables = tables;
        this.cipher = cipher;
    }

    /**
     * What was said.
     *
     * @param id of the entry
     * @return empty when it was deleted or never kept
     * @throws GeneralSecurityException when it was changed
     */
    public Optional<Opened> find(String id) throws GeneralSecurityException {
        Optional<String> sealed = tables.withHandle(handle -> TranscriptTable.find(handle, id));
        return sealed.isPresent() ? Optional.of(cipher.open(id, sealed.get())) : Optional.empty();
    }

    /** Whether what is kept, if anything, is what the entry's digest was made of. */
    public boolean isIntact(String id, String digest) {
        try {
            return find(id).map(opened -> opened.digest().equals(digest)).orElse(true);
        } catch (GeneralSecurityException changed) {
            return false;
        }
    }
}
