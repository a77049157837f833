package org.llmfactory.finetuning.work;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.finetuning.record.Curve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes of a job: adapters and a file of figures. Removes what does not become one. */
final class Results {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    private static final String CONFIGURATION = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    private final JobStore jobs;
    private final ObjectStore store;
    private final AdapterRegistry registry;
    private final Path scratch;

    Results(JobStore jobs, ObjectStore store, AdapterRegistry registry, Path scratch) {
        this.jobs = jobs;
        this.store = store;
        this.registry = registry;
        this.scratch = scratch;
    }

    /** Removes the copies that a process left which was killed. */
    void clear() {
        if (!Files.exists(scratch)) {
            return;
        }
        try (Stream<Path> left = Files.walk(scratch)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("Copies of adapters that are needed no more cannot be removed", e);
        }
    }

    /** Registers the adapter at a place in the store, from a copy that is deleted afterwards. */
    AdapterInfo register(Job job, FineTunedName name, String prefix) {
        try {
            Files.createDirectories(scratch);
            Path folder = Files.createTempDirectory(scratch, "adapter");
            Path configuration = folder.resolve(CONFIGURATION);
            Path weights = folder.resolve(WEIGHTS);
            try {
                copy(prefix + "/" + CONFIGURATION, configuration);
                copy(prefix + "/" + WEIGHTS, weights);
                AdapterRegistry.Label label =
                        new AdapterRegistry.Label(name.adapterName(), job.project(), job.owner(), Visibility.PROJECT);
                return registry.register(label, job.request().model(), configuration, weights);
            } finally {
                Files.deleteIfExists(configuration);
                Files.deleteIfExists(weights);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "A checkpoint cannot be copied at present.", e);
        }
    }

    private void copy(String key, Path target) throws IOException {
        Optional<InputStream> content = store.open(key, 0);
        if (content.isEmpty()) {
            throw new FactoryException(ErrorCode.INTERNAL, "A checkpoint's files are not in the object store.");
        }
        try (InputStream in = content.get()) {
            Files.copy(in, target);
        }
    }

    /** Keeps the figures as a file of the project. */
    FileInfo keepCurve(Job job, FileCatalog files) {
        byte[] csv =
                Curve.csv(jobs.events(job.id()), jobs.checkpoints(job.id())).getBytes(StandardCharsets.UTF_8);
        return files.add(
                new FileCatalog.Label(
                        job.project(), job.owner(), "step_metrics_" + job.id() + ".csv", "fine-tune-results"),
                new ByteArrayInputStream(csv));
    }

    /** Removes the state of an ended job and the adapters that are none of its results; says how many things. */
    int sweep(Job job) throws IOException {
        int removed = 0;
        for (StoredObject object : store.list(job.place())) {
            removed += store.delete(object.key()) ? 1 : 0;
        }
        Set<String> kept = new HashSet<>();
        for (StoredCheckpoint checkpoint : jobs.checkpoints(job.id())) {
            kept.add(job.name().atStep(checkpoint.step()).adapterName());
        }
        if (job.status() == Status.SUCCEEDED) {
            kept.add(job.name().adapterName());
        }
        for (AdapterInfo adapter : registry.list()) {
            if (job.made(adapter) && !kept.contains(adapter.name())) {
                removed += registry.remove(adapter.id()) ? 1 : 0;
            }
        }
        return removed;
    }
}
