package org.llmfactory.projects.service;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.model.Model;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The base models that can be asked here; they come and go. A service within this bundle. */
@Component(service = KnownModels.class)
public final class KnownModels {
    private final CopyOnWriteArrayList<Model> models = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void bindModel(Model model) {
        models.add(model);
    }

    /** It is there no longer. */
    public void unbindModel(Model model) {
        models.remove(model);
    }

    /** Their ids, sorted. */
    public Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        models.forEach(model -> ids.add(model.info().id()));
        return ids;
    }
}
