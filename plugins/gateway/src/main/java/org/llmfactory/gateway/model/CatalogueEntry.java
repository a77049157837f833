package org.llmfactory.gateway.model;

import java.util.Objects;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.project.Preset;

/** Something that can be called as a model. */
public sealed interface CatalogueEntry {
    /** What to call it by. */
    String id();

    /** The base model that answers. */
    ModelInfo base();

    /** A base model. */
    record Base(ModelInfo base) implements CatalogueEntry {
        public Base {
            Objects.requireNonNull(base, "base");
        }

        @Override
        public String id() {
            return base.id();
        }
    }

    /** An adapter on its base model. */
    record Adapter(String id, ModelInfo base, AdapterInfo adapter) implements CatalogueEntry {
        public Adapter {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(base, "base");
            Objects.requireNonNull(adapter, "adapter");
        }
    }

    /** A preset, all of whose adapters are for the caller. */
    record PresetModel(String id, ModelInfo base, Preset preset) implements CatalogueEntry {
        public PresetModel {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(base, "base");
            Objects.requireNonNull(preset, "preset");
        }
    }
}
