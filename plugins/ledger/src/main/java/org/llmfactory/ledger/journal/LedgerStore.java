package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.Home;
import org.llmfactory.database.Database;
import org.llmfactory.database.Secret;
import org.llmfactory.database.SecretFile;
import org.llmfactory.ledger.chain.ChainKey;
import org.llmfactory.ledger.chain.ChainVerifier;
import org.llmfactory.ledger.chain.HeadFile;
import org.llmfactory.ledger.chain.Verification;
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
    private final String chain;
    private final Path head;
    private final Path journal;

    @Activate
    public LedgerStore(@Reference Database database, @Reference Home home) {
        this.tables = database.open("ledger", LedgerStore.class);
        this.key = new ChainKey(Secret.in(home.secrets().resolve("ledger-chain.key")));
        this.cipher = new TranscriptCipher(Secret.in(home.secrets().resolve("ledger-transcripts.key")));
        // Agents that share a database share its secrets, but each has a chain of its own.
        Path own = home.root().resolve("ledger");
        this.chain = "chain_" + HexFormat.of().formatHex(SecretFile.readOrCreate(own.resolve("chain"), 16));
        this.head = own.resolve("head");
        this.journal = own.resolve("journal");
    }

    public Jdbi tables() {
        return tables;
    }

    public ChainKey key() {
        return key;
    }

    /** The id of this agent's chain. */
    public String chain() {
        return chain;
    }

    public TranscriptCipher cipher() {
        return cipher;
    }

    public Transcripts transcripts() {
        return new Transcripts(tables, cipher);
    }

    /**
     * Checks the whole audit log, which takes as long as it is.
     *
     * @param peers chains of other agents that have another key
     */
    public Verification verify(Set<String> peers) throws IOException {
        return new ChainVerifier(tables, key, peers, transcripts()::isIntact).verify(chain, head());
    }

    /** The journal, for one ledger at a time. */
    JournalFile journal() throws IOException {
        return new JournalFile(journal);
    }

    /** The record of the chain's end; every call opens it anew. */
    public HeadFile head() throws IOException {
        return new HeadFile(head, key, chain);
    }
}
