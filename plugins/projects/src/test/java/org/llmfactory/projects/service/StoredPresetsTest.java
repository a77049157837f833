package org.llmfactory.projects.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.testing.PresetsContract;
import org.llmfactory.projects.store.PresetStore;

final class StoredPresetsTest extends PresetsContract {
    private final Platform platform = new Platform();
    private final StoredPresets presets = new StoredPresets(platform.tables, platform.changesService());

    @BeforeEach
    void otherProject() {
        platform.project("proj_other");
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Override
    protected Presets presets() {
        return presets;
    }

    @Override
    protected void add(Preset preset) {
        platform.changes().presets(Actor.system(), change -> {
            if (change.presets().newest(preset.id()) == 0) {
                change.presets().insert(preset);
            } else {
                change.presets().insertVersion(preset);
            }
            change.tell(PresetStore.PRESETS, preset.id());
            return preset;
        });
    }

    @Test
    void aProjectOptsOutOfOnePublishedPresetOrAll() {
        add(preset("preset_1", Visibility.PUBLIC, "triage", 1));
        add(preset("preset_2", Visibility.PUBLIC, "letters", 1));

        decide(true, Set.of("preset_1"));
        assertThat(presets.list(EVE)).map(Preset::id).containsExactly("preset_2");
        assertThat(presets.find(EVE, "triage")).isEmpty();

        decide(false, Set.of());
        assertThat(presets.list(EVE)).isEmpty();
        assertThat(presets.find(EVE, "preset_2")).isEmpty();
        assertThat(presets.list(ADA)).hasSize(2);
    }

    private void decide(boolean publicAdapters, Set<String> hidden) {
        platform.change((change, now) -> change.projects()
                .decide(new ProjectSettings(
                        "proj_other",
                        ModelPermissions.ALL,
                        publicAdapters,
                        hidden,
                        Map.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty())));
    }

    @Test
    void aKeysOwnBoundsHold() {
        add(preset("preset_1", Visibility.PROJECT, "triage", 1));
        KeyScope all = ADA.scope();
        KeyScope narrow = new KeyScope(
                all.areas(),
                Optional.empty(),
                Optional.of(Set.of("preset_9")),
                all.addresses(),
                all.origins(),
                all.requestsPerMinute(),
                all.tokensPerMinute());
        Caller bounded = new Caller(
                ADA.kind(), ADA.id(), ADA.project(), ADA.organizationRole(), ADA.projects(), ADA.apiKey(), narrow);

        assertThat(presets.find(bounded, "triage")).isEmpty();
        assertThat(presets.list(bounded)).isEmpty();
    }
}
