package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.ledger.chain.ChainVerifier;
import org.llmfactory.ledger.chain.Verification;
import org.llmfactory.ledger.journal.LedgerStore;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** Checks the whole chain; for owners of the organization. An extension. */
@Path("verify")
@Produces(MediaType.APPLICATION_JSON)
public final class AuditVerifyResource {
    private final LedgerStore store;
    private final Set<String> peers;

    /** What was found, as it is sent. */
    public record Report(
            String object,
            boolean valid,
            String chain,
            long entries,
            @JsonProperty("last_sequence") long lastSequence,
            List<Place> findings,
            @JsonProperty("has_more") boolean hasMore) {
        static Report of(Verification found) {
            return new Report(
                    "audit_log.verification",
                    found.isValid(),
                    found.chain(),
                    found.entries(),
                    found.end(),
                    found.findings().stream()
                            .map(finding -> new Place(
                                    finding.sequence(), finding.kind().name().toLowerCase(Locale.ROOT), finding.id()))
                            .toList(),
                    !found.complete());
        }
    }

    /** One finding, as it is sent. */
    public record Place(long sequence, String kind, String id) {}

    AuditVerifyResource(LedgerStore store, Set<String> peers) {
        this.store = store;
        this.peers = Set.copyOf(peers);
    }

    @GET
    @Requires(Action.READ_AUDIT)
    public Report verify(@Context SecurityContext security) throws IOException {
        return verify(Callers.of(security));
    }

    Report verify(Caller caller) throws IOException {
        AccessPolicy.check(caller, Action.READ_AUDIT, Resource.organization());
        return Report.of(new ChainVerifier(store.tables(), store.key(), peers, store.transcripts()::isIntact)
                .verify(store.head()));
    }
}
