package org.llmfactory.projects.service;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.projects.store.Changes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Makes changes with the ledger and the keys of the moment. Both may come and go: what is known can be asked all the
 * while, but nothing changes without its audit entry. A service within this bundle.
 */
@Component(service = ChangesService.class)
public final class ChangesService {
    private final Tables tables;
    private final AtomicReference<@Nullable Ledger> ledger = new AtomicReference<>();
    private final AtomicReference<@Nullable ApiKeys> keys = new AtomicReference<>();

    @Activate
    public ChangesService(@Reference Tables tables) {
        this.tables = tables;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindLedger(Ledger service) {
        ledger.set(service);
    }

    void unbindLedger(Ledger service) {
        ledger.compareAndSet(service, null);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindKeys(ApiKeys service) {
        keys.set(service);
    }

    void unbindKeys(ApiKeys service) {
        keys.compareAndSet(service, null);
    }

    /**
     * The way to change something at the moment.
     *
     * @throws FactoryException {@code OVERLOADED} while there is no audit log or nobody to revoke keys
     */
    public Changes changes() {
        return new Changes(
                tables.organization(),
                tables.feed(),
                Optional.ofNullable(ledger.get()).orElseThrow(ChangesService::unavailable),
                Optional.ofNullable(keys.get()).orElseThrow(ChangesService::unavailable));
    }

    private static FactoryException unavailable() {
        return new FactoryException(
                ErrorCode.OVERLOADED, "Nothing can be changed while the audit log is not there; try again shortly.");
    }
}
