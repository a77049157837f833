package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.model.ModelInfo;

/** A model as {@code /v1/models} shows it; {@code parent} and {@code adapter} are there for adapters only. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelObject(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy,
        @JsonProperty("max_model_len") int maxModelLength,
        List<String> permission,
        @Nullable String parent,
        @Nullable AdapterFacts adapter) {
    ModelObject {
        permission = List.copyOf(permission);
    }

    /** What an adapter's entry says beyond OpenAI's fields. */
    record AdapterFacts(String id, String name, String digest, int rank) {}

    static ModelObject of(ModelInfo model) {
        return new ModelObject(
                model.id(),
                "model",
                model.created().getEpochSecond(),
                "llm-factory",
                model.contextLength(),
                List.of(),
                null,
                null);
    }

    static ModelObject of(String id, AdapterInfo adapter, ModelInfo base) {
        return new ModelObject(
                id,
                "model",
                adapter.created().getEpochSecond(),
                "llm-factory",
                base.contextLength(),
                List.of(),
                adapter.baseModel(),
                new AdapterFacts(adapter.id(), adapter.name(), adapter.digest(), adapter.rank()));
    }
}
