package org.llmfactory.files.rest;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.llmfactory.access.Action;
import org.llmfactory.access.Reach;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.project.Projects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Counts tokens as a model does that is there for the caller. */
@Component(service = Tokenizers.class)
public final class Tokenizers {
    private final Projects projects;

    /** The models there are at this moment, here or on agents. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Model> models = List.of();

    @Activate
    public Tokenizers(@Reference Projects projects) {
        this.projects = projects;
    }

    Tokenizers(Projects projects, List<Model> models) {
        this(projects);
        this.models = List.copyOf(models);
    }

    /**
     * Counts the tokens of a text, without special ones.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code MODEL_NOT_FOUND} when the model is not there for the caller
     */
    ToIntFunction<String> of(Caller caller, String id) {
        Reach reach = new Reach(caller, projects.settings(caller.project()));
        TextCodec codec = models.stream()
                .filter(model -> model.info().id().equals(id))
                .filter(model -> model.tenant().map(caller.project()::equals).orElse(true))
                .filter(model -> reach.includes(Action.LIST_MODELS, model.info()))
                .min(Comparator.comparing(model -> !(model instanceof LocalModel)))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.MODEL, id))
                .text();
        return text -> codec.encode(text, false).length;
    }
}
