package org.llmfactory.inference.remote.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;
import org.llmfactory.models.text.ModelDescription;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Shows controllers what the models of this agent are like, without their weights. */
@Component
public final class ModelShare implements FileShare {
    private final Path folder;
    private final List<LocalModel> models = new CopyOnWriteArrayList<>();
    private final Map<String, Manifest> manifests = new HashMap<>();

    @Activate
    public ModelShare(@Reference Home home) {
        folder = home.cache().resolve("model-descriptions");
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addModel(LocalModel model) {
        models.add(model);
    }

    public void removeModel(LocalModel model) {
        models.remove(model);
    }

    @Override
    public String name() {
        return Manifest.SHARE;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String name) throws IOException {
        int slash = name.indexOf('/');
        String digest = slash < 0 ? "" : name.substring(0, slash);
        String part = name.substring(slash + 1);
        Optional<LocalModel> model = models.stream()
                .filter(here -> here.info().digest().equals(digest))
                .findFirst();
        if (model.isEmpty()) {
            return Optional.empty();
        }
        Manifest manifest = manifest(model.get());
        boolean known = part.equals(Manifest.FILE)
                || manifest.parts().stream().anyMatch(one -> one.name().equals(part));
        return known ? Optional.of(folder.resolve(digest).resolve(part)) : Optional.empty();
    }

    /** Made anew once in the life of the process: the text side of a model may change without its digest. */
    private synchronized Manifest manifest(LocalModel model) throws IOException {
        ModelInfo info = model.info();
        Manifest known = manifests.get(info.digest());
        if (known != null) {
            return known;
        }
        Path target = folder.resolve(info.digest());
        Folders.delete(target);
        Files.createDirectories(folder);
        Path making = Files.createTempDirectory(folder, ".making-");
        try {
            Manifest made = Manifest.of(info, parts(making, ModelDescription.copy(model.location(), making)));
            made.write(making);
            Folders.move(making, target);
            manifests.put(info.digest(), made);
            return made;
        } finally {
            Folders.delete(making);
        }
    }

    private static List<Manifest.Part> parts(Path folder, List<String> names) throws IOException {
        List<Manifest.Part> parts = new ArrayList<>();
        for (String name : names) {
            parts.add(Manifest.Part.of(folder, name));
        }
        return parts;
    }
}
