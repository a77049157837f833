package org.llmfactory.merger.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.merger.extract.AdapterExtractor;
import org.llmfactory.merger.extract.Extraction;
import org.llmfactory.merger.extract.RankRule;
import org.llmfactory.merger.merge.AdapterMerger;
import org.llmfactory.merger.merge.DropMasks;
import org.llmfactory.merger.merge.Ingredient;
import org.llmfactory.merger.merge.Recipe;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.Torch;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Makes adapters and registers them, one at a time. Nothing is left in a temporary folder. Safe for use by several threads;
 * rights are the caller's business.
 */
@Component(service = AdapterMaker.class)
public final class AdapterMaker {
    private final AdapterRegistry registry;
    private final MergerProgram program;
    private final Semaphore turn = new Semaphore(1);

    @Activate
    public AdapterMaker(@Reference Torch torch, @Reference AdapterRegistry registry) {
        this.registry = registry;
        this.program = new MergerProgram(torch);
    }

    /** An extracted adapter, as it is registered, and what it lacks. */
    public record Extracted(AdapterInfo adapter, Extraction extraction) {}

    /**
     * Merges adapters that were made for {@code base} and registers the result.
     *
     * @param seed decides what random pruning keeps
     * @throws FactoryException {@code OVERLOADED} while another adapter is made; else as {@link AdapterMerger#merge} and
     *     {@link AdapterRegistry#register}
     */
    public AdapterInfo merge(
            AdapterRegistry.Label label, Model base, List<Portion> portions, Recipe recipe, long seed) {
        return alone(() -> {
            DecoderConfig config = PretrainedDecoder.dimensions(base.description());
            List<Ingredient> opened = new ArrayList<>();
            try {
                for (Portion portion : portions) {
                    Path files = registry.fetch(portion.adapter().digest());
                    opened.add(new Ingredient(LoraAdapter.open(files, config), portion.weight()));
                }
                String name = base.info().id();
                LoraWriter merged = new AdapterMerger(program).merge(config, name, opened, recipe, DropMasks.of(seed));
                return register(label, name, merged);
            } finally {
                opened.forEach(ingredient -> ingredient.adapter().close());
            }
        });
    }

    /**
     * Extracts an adapter for {@code base} from a fine-tuned model and registers it.
     *
     * @throws FactoryException {@code OVERLOADED} while another adapter is made; else as {@link AdapterExtractor#extract} and
     *     {@link AdapterRegistry#register}
     */
    public Extracted extract(AdapterRegistry.Label label, LocalModel base, LocalModel tuned, RankRule rule) {
        return alone(() -> {
            try (PretrainedDecoder known = PretrainedDecoder.open(base.location());
                    PretrainedDecoder other = PretrainedDecoder.open(tuned.location())) {
                String name = base.info().id();
                Extraction extraction = new AdapterExtractor(program).extract(known, name, other, rule);
                return new Extracted(register(label, name, extraction.adapter()), extraction);
            }
        });
    }

    @Deactivate
    public void close() {
        program.close();
    }

    private <T> T alone(Supplier<T> work) {
        if (!turn.tryAcquire()) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED, "Another adapter is being made at the moment. Please try again later.");
        }
        try {
            return work.get();
        } finally {
            turn.release();
        }
    }

    private AdapterInfo register(AdapterRegistry.Label label, String base, LoraWriter adapter) {
        try {
            Path folder = Files.createTempDirectory("adapter");
            Path configuration = folder.resolve(LoraWriter.CONFIGURATION);
            Path weights = folder.resolve(LoraWriter.WEIGHTS);
            try {
                Files.write(configuration, adapter.configuration());
                Files.write(weights, adapter.weights());
                return registry.register(label, base, configuration, weights);
            } finally {
                Files.deleteIfExists(configuration);
                Files.deleteIfExists(weights);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the adapter " + label.name(), e);
        }
    }
}
