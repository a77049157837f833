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
import org.llmfactory.ledger.chain.Finding;
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
            long entries,
            List<Chain> chains,
            List<Place> findings,
            @JsonProperty("has_more") boolean hasMore) {
        static Report of(Verification found) {
            return new Report(
                    "audit_log.verification",
                    found.isValid(),
                    found.entries(),
                    found.chains().stream().map(Chain::of).toList(),
                    found.findings().stream().map(Place::of).toList(),
                    !found.complete());
        }
    }

    /** One chain, as it is sent. */
    public record Chain(
            String chain,
            String checked,
            long entries,
            @JsonProperty("last_sequence") long lastSequence) {
        static Chain of(Verification.Checked chain) {
            return new Chain(
                    chain.chain(), chain.extent().name().toLowerCase(Locale.ROOT), chain.entries(), chain.last());
        }
    }

    /** One finding, as it is sent. */
    public record Place(String chain, long sequence, String kind, String id) {
        static Place of(Finding finding) {
            return new Place(
                    finding.chain(), finding.sequence(), finding.kind().name().toLowerCase(Locale.ROOT), finding.id());
        }
    }

    AuditVerifyResource(LedgerStore store, Set<String> peers) {
        this.store = store;
        this.peers = Set.copyOf(peers);
    }

    @GET
    @Requires(Action.VERIFY_AUDIT)
    public Report verify(@Context SecurityContext security) throws IOException {
        return verify(Callers.of(security));
    }

    Report verify(Caller caller) throws IOException {
        AccessPolicy.check(caller, Action.VERIFY_AUDIT, Resource.organization());
        return Report.of(store.verify(peers));
    }
}
