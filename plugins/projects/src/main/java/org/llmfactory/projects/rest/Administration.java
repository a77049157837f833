package org.llmfactory.projects.rest;

import java.util.Collection;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.projects.service.ChangesService;
import org.llmfactory.projects.service.KnownModels;
import org.llmfactory.projects.service.Tables;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.store.Change;
import org.llmfactory.projects.store.PresetStore;
import org.llmfactory.rest.Callers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What resources work with: the organization as it is, the way to change it, and the keys. A service within this bundle.
 */
@Component(service = Administration.class)
public final class Administration {
    private final Tables tables;
    private final ChangesService changes;
    private final KnownModels models;
    private final ApiKeys keys;
    private final Ledger ledger;

    @Activate
    public Administration(
            @Reference Tables tables,
            @Reference ChangesService changes,
            @Reference KnownModels models,
            @Reference ApiKeys keys,
            @Reference Ledger ledger) {
        this.tables = tables;
        this.changes = changes;
        this.models = models;
        this.keys = keys;
        this.ledger = ledger;
    }

    /** The organization as it is. */
    public Organization now() {
        return tables.organization().now();
    }

    /** Changes the organization in the caller's name. */
    public <T> T change(SecurityContext security, BiFunction<Change, Organization, T> work) {
        return changes.changes().organization(Callers.actor(security), work);
    }

    public PresetStore presets() {
        return tables.presets();
    }

    /** Changes presets in the caller's name. */
    public <T> T changePresets(SecurityContext security, Function<Change, T> work) {
        return changes.changes().presets(Callers.actor(security), work);
    }

    /** Removes presets altogether. */
    public void deletePresets(SecurityContext security, Collection<String> ids) {
        changePresets(security, change -> {
            ids.forEach(id -> {
                change.presets().delete(id);
                change.tell(PresetStore.PRESETS, id);
            });
            return ids;
        });
    }

    public ApiKeys keys() {
        return keys;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Ids of the base models that lie on this agent. */
    public Set<String> models() {
        return models.ids();
    }
}
