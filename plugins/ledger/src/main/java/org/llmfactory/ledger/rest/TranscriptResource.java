package org.llmfactory.ledger.rest;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.ledger.chain.AuditSearch;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.journal.LedgerStore;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** What was said in a request, where it was kept. That it was read is entered first. An extension. */
@Path("{id}/transcript")
@Produces(MediaType.APPLICATION_JSON)
public final class TranscriptResource {
    private final LedgerStore store;
    private final Ledger ledger;

    /** A transcript as it is sent. */
    public record TranscriptObject(String object, String id, List<String> input, List<String> output) {
        static TranscriptObject of(String id, Transcript said) {
            return new TranscriptObject("audit_log.transcript", id, said.input(), said.output());
        }
    }

    TranscriptResource(LedgerStore store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    @GET
    @Requires(Action.READ_AUDIT)
    public TranscriptObject read(@PathParam("id") String id, @Context SecurityContext security) {
        return read(id, Callers.of(security), Callers.actor(security));
    }

    TranscriptObject read(String id, Caller caller, Actor actor) {
        ChainEntry entry = store.tables()
                .withHandle(handle -> AuditSearch.byId(handle, AuditViewer.visible(caller), id))
                .orElseThrow(() -> unknown(id));
        Transcript said = open(id).orElseThrow(() -> unknown(id));
        ledger.record(new AuditEvent("transcript.read", actor, entry.index().project(), Optional.of(id), Map.of()));
        return TranscriptObject.of(id, said);
    }

    private Optional<Transcript> open(String id) {
        try {
            return store.transcripts().find(id).map(opened -> opened.transcript());
        } catch (GeneralSecurityException damaged) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The transcript is damaged; verify the audit log (audit verify).", damaged);
        }
    }

    private static FactoryException unknown(String id) {
        return new FactoryException(
                ErrorCode.NOT_FOUND, "No transcript of '" + id + "', or you do not have access to it.");
    }
}
