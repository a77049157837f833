package org.llmfactory.ledger.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainTable;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Requires;

/** All entries as they stand in the chain, a JSON object on each line, oldest first. An extension. */
@Path("export")
public final class AuditExportResource {
    private static final int PAGE = 500;

    private final Jdbi tables;
    private final Ledger ledger;

    /**
     * An entry as it is sent.
     *
     * @param entry the text that the hash is over
     */
    @JsonPropertyOrder({"chain", "sequence", "id", "entry", "previous", "hash"})
    public record Line(String chain, long sequence, String id, String entry, String previous, String hash) {
        static Line of(ChainEntry row) {
            ChainEntry.Link link = row.link();
            return new Line(link.chain(), link.sequence(), link.id(), row.text(), row.previous(), row.hash());
        }
    }

    AuditExportResource(Jdbi tables, Ledger ledger) {
        this.tables = tables;
        this.ledger = ledger;
    }

    @GET
    @Requires(Action.READ_AUDIT)
    @Produces("application/x-ndjson")
    public StreamingOutput export(@Context SecurityContext security) {
        return export(Callers.of(security), Callers.actor(security));
    }

    StreamingOutput export(Caller caller, Actor actor) {
        Optional<List<String>> visible = AuditViewer.visible(caller);
        ledger.record(
                new AuditEvent("audit_log.exported", actor, Optional.of(caller.project()), Optional.empty(), Map.of()));
        ledger.flush();
        return out -> write(visible, out);
    }

    private void write(Optional<List<String>> visible, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        for (ChainTable.ChainSize chain : tables.withHandle(ChainTable::chains)) {
            List<ChainEntry> page = page(chain.chain(), 0);
            while (!page.isEmpty()) {
                for (ChainEntry row : page) {
                    if (isVisible(visible, row)) {
                        buffered.write(Json.write(Line.of(row)));
                        buffered.write('\n');
                    }
                }
                page = page(chain.chain(), page.get(page.size() - 1).link().sequence());
            }
        }
        buffered.flush();
    }

    private List<ChainEntry> page(String chain, long after) {
        return tables.withHandle(handle -> ChainTable.after(handle, chain, after, PAGE));
    }

    private static boolean isVisible(Optional<List<String>> visible, ChainEntry row) {
        return visible.isEmpty()
                || row.index().project().filter(visible.get()::contains).isPresent();
    }
}
