package org.llmfactory.registry.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** The card of an adapter. */
@Path("/{reference}/card")
@Produces(MediaType.APPLICATION_JSON)
public final class CardResource {
    private final VisibleAdapters visible;
    private final Card card;

    CardResource(VisibleAdapters visible, Card card) {
        this.visible = visible;
        this.card = card;
    }

    @GET
    @Requires(Action.READ_ADAPTER)
    public ObjectNode get(@Context SecurityContext security, @PathParam("reference") String reference) {
        Caller caller = Callers.of(security);
        return card.of(visible.require(caller, reference), caller);
    }
}
