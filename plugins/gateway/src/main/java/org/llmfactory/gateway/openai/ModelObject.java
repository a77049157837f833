package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.model.CatalogueEntry;

/**
 * A model as {@code /v1/models} shows it. Beyond OpenAI's fields: {@code kind} ({@code base}, {@code adapter}, {@code
 * preset}), {@code base_model}, which for adapters and presets is {@code parent} too as vLLM has it, {@code
 * max_model_len}, {@code health} ({@code ready}, or {@code unavailable} while no engine serves it), and whose it is, as
 * far as that is the caller's business.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelObject(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy,
        String kind,
        @JsonProperty("base_model") String baseModel,
        @JsonProperty("max_model_len") int maxModelLength,
        String health,
        List<String> permission,
        @Nullable String owner,
        @Nullable String parent,
        @Nullable AdapterFacts adapter,
        @Nullable PresetFacts preset) {
    private static final String PLATFORM = "llm-factory";

    ModelObject {
        permission = List.copyOf(permission);
    }

    /** What an adapter's entry says beyond OpenAI's fields. */
    record AdapterFacts(String id, String name, String digest, int rank, String visibility) {}

    /** What a preset's entry says beyond OpenAI's fields. */
    record PresetFacts(String id, String name, int version, String visibility) {}

    /** An entry as a caller may see it: people and projects are told apart within his own project only. */
    static ModelObject of(CatalogueEntry entry, Caller caller, boolean served) {
        String health = served ? "ready" : "unavailable";
        if (entry instanceof CatalogueEntry.Adapter adapter) {
            return of(adapter, caller, health);
        }
        if (entry instanceof CatalogueEntry.PresetModel preset) {
            return of(preset, caller, health);
        }
        ModelInfo base = entry.base();
        return new ModelObject(
                entry.id(),
                "model",
                base.created().getEpochSecond(),
                PLATFORM,
                "base",
                base.id(),
                base.contextLength(),
                health,
                List.of(),
                null,
                null,
                null,
                null);
    }

    private static ModelObject of(CatalogueEntry.Adapter entry, Caller caller, String health) {
        AdapterInfo adapter = entry.adapter();
        AdapterFacts facts = new AdapterFacts(
                adapter.id(),
                adapter.name(),
                adapter.digest(),
                adapter.rank(),
                adapter.visibility().name().toLowerCase(Locale.ROOT));
        boolean insider = adapter.project().equals(caller.project());
        return of(entry, adapter.created(), insider, adapter.project(), adapter.owner(), health, facts, null);
    }

    private static ModelObject of(CatalogueEntry.PresetModel entry, Caller caller, String health) {
        Preset preset = entry.preset();
        PresetFacts facts = new PresetFacts(
                preset.id(),
                preset.name(),
                preset.version(),
                preset.visibility().name().toLowerCase(Locale.ROOT));
        boolean insider = preset.project().equals(caller.project());
        return of(entry, preset.created(), insider, preset.project(), preset.owner(), health, null, facts);
    }

    private static ModelObject of(
            CatalogueEntry entry,
            Instant created,
            boolean insider,
            String project,
            String owner,
            String health,
            @Nullable AdapterFacts adapter,
            @Nullable PresetFacts preset) {
        return new ModelObject(
                entry.id(),
                "model",
                created.getEpochSecond(),
                insider ? project : PLATFORM,
                adapter == null ? "preset" : "adapter",
                entry.base().id(),
                entry.base().contextLength(),
                health,
                List.of(),
                insider ? owner : null,
                entry.base().id(),
                adapter,
                preset);
    }
}
