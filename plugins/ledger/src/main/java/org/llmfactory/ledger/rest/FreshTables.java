package org.llmfactory.ledger.rest;

import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.ext.Provider;
import org.llmfactory.api.ledger.Ledger;

/**
 * Whoever may ask finds everything that has happened here before, his own last act included. Comes after the check of rules, which
 * has a priority.
 */
@Provider
final class FreshTables implements ContainerRequestFilter {
    private final Ledger ledger;

    FreshTables(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        ledger.flush();
    }
}
