package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.Home;
import org.llmfactory.database.Database;
import org.llmfactory.database.SecretFile;
import org.llmfactory.ledger.chain.ChainKey;
import org.llmfactory.ledger.chain.HeadFile;
import org.llmfactory.ledger.transcript.TranscriptCipher;
import org.llmfactory.ledger.transcript.Transcripts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Where the ledger lies: its tables, its keys, and the record of its end. */
@Component(service = LedgerStore.class)
public final class LedgerStore {
    private final Jdbi tables;
    private final ChainKey key;
    private final TranscriptCipher cipher;
    private final Path head;

    @Activate
    public LedgerStore(@Reference Database database, @Reference Home home) {
        this.tables = database.open("ledger", LedgerStore.class);
        this.key = new ChainKey(SecretFile.readOrCreate(home.secrets().resolve("ledger-chain.key"), 32));
        this.cipher =
                new TranscriptCipher(SecretFile.readOrCreate(home.secrets().resolve("ledger-transcripts.key"), 32));
        this.head = home.root().resolve("ledger").resolve("head");
    }

    public Jdbi tables() {
        return tables;
    }

    public ChainKey key() {
        return key;
    }

    public TranscriptCipher cipher() {
        return cipher;
    }

    public Transcripts transcripts() {
        return new Transcripts(tables, cipher);
    }

    /** The record of the chain's end; every call opens it anew. */
    public HeadFile head() throws IOException {
        return new HeadFile(head, key);
    }
}
