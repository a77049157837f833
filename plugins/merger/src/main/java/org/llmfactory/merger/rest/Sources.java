package org.llmfactory.merger.rest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Reach;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Projects;
import org.llmfactory.rest.Callers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What a caller may make adapters of, and whom he may show them to. */
@Component(service = Sources.class)
public final class Sources {
    private final AdapterRegistry registry;
    private final Projects projects;
    private final Ledger ledger;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Model> models = List.of();

    @Activate
    public Sources(@Reference AdapterRegistry registry, @Reference Projects projects, @Reference Ledger ledger) {
        this.registry = registry;
        this.projects = projects;
        this.ledger = ledger;
    }

    Sources(AdapterRegistry registry, Projects projects, Ledger ledger, List<? extends Model> models) {
        this(registry, projects, ledger);
        this.models = List.copyOf(models);
    }

    /** The adapter that a caller means and may use. */
    AdapterInfo adapter(Caller caller, String reference) {
        return reach(caller).select(Action.USE_ADAPTER, registry.find(reference), Resource::of).stream()
                .findFirst()
                .orElseThrow(() -> Resource.unknown(Resource.Kind.ADAPTER, reference));
    }

    /** The base model of an adapter that he may use, one that lies here before others. */
    Model base(Caller caller, AdapterInfo adapter) {
        List<Model> known = models.stream()
                .filter(model -> model.info().id().equals(adapter.baseModel()))
                .filter(model -> isFor(caller, model))
                .toList();
        if (known.isEmpty()) {
            throw Resource.unknown(Resource.Kind.MODEL, adapter.baseModel());
        }
        List<Model> same = known.stream()
                .filter(model -> model.info().digest().equals(adapter.baseDigest()))
                .toList();
        return same.stream()
                .filter(LocalModel.class::isInstance)
                .findFirst()
                .or(() -> same.stream().findFirst())
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.ADAPTER_MISMATCH,
                        "The adapter '" + adapter.name() + "' was made for another version of '" + adapter.baseModel()
                                + "'."));
    }

    /** A model that lies on this agent and that the caller may ask. */
    LocalModel localModel(Caller caller, String id) {
        return models.stream()
                .filter(LocalModel.class::isInstance)
                .map(LocalModel.class::cast)
                .filter(model -> model.info().id().equals(id) && isFor(caller, model))
                .filter(model -> reach(caller).includes(Action.GENERATE, model.info()))
                .findFirst()
                .orElseThrow(() -> Resource.unknown(Resource.Kind.MODEL, id));
    }

    /** Refuses what a caller may not show to everybody, before anything is computed. */
    void checkMayShow(Caller caller, Visibility visibility) {
        if (visibility == Visibility.PUBLIC) {
            AccessPolicy.check(caller, Action.PUBLISH, Resource.organization());
        }
    }

    /** Shows the caller's new adapter to others; one that more people see already stays as it is. */
    AdapterInfo show(SecurityContext security, AdapterInfo adapter, Visibility visibility) {
        if (visibility == Visibility.PRIVATE
                || adapter.visibility() == visibility
                || adapter.visibility() == Visibility.PUBLIC) {
            return adapter;
        }
        checkMayShow(Callers.of(security), visibility);
        if (visibility == Visibility.PROJECT) {
            AccessPolicy.check(Callers.of(security), Action.UPDATE_ADAPTER, Resource.of(adapter), adapter.name());
        }
        if (registry.rival(adapter, visibility).isPresent()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "There is another adapter named '" + adapter.name()
                            + "' for those you would show this one to; it is registered as private.");
        }
        ledger.record(
                AuditEvent.of("adapter.updated", Callers.actor(security), Optional.of(adapter.project()), adapter.id())
                        .with(Map.of("visibility", visibility.name().toLowerCase(Locale.ROOT))));
        return registry.show(adapter.id(), visibility)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.ADAPTER, adapter.name()));
    }

    private Reach reach(Caller caller) {
        return new Reach(caller, projects.settings(caller.project()));
    }

    private static boolean isFor(Caller caller, Model model) {
        return model.tenant().map(caller.project()::equals).orElse(true);
    }
}
