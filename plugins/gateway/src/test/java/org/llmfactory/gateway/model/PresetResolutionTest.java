package org.llmfactory.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.gateway.GatewayFixture;

/** Presets in the place of a model. */
final class PresetResolutionTest {
    private static final Caller PLATFORM = Caller.platform();
    private static final Caller MALLORY = InMemoryAuthenticator.user("mallory", "proj_b", ProjectRole.MEMBER);

    private final GatewayFixture gateway = GatewayFixture.saying("");
    private final EveryonesPresets presets = new EveryonesPresets();

    PresetResolutionTest() {
        gateway.projects.put(ProjectSettings.defaults("proj_b"));
        gateway.directory.setPresets(presets);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void presetBringsItsMix() throws InterruptedException {
        add("duo", Visibility.PROJECT, new Preset.Part("pirate", 0.5f), new Preset.Part(id("poet"), -1));

        for (String name : List.of("duo", "duo@1", "preset_duo")) {
            ResolvedModel model = gateway.models.resolve(PLATFORM, name);

            assertThat(model.name()).isEqualTo(name);
            assertThat(model.preset()).isPresent();
            assertThat(model.mix())
                    .containsExactly(
                            new AdapterWeight(gateway.adapter("pirate").digest(), 0.5f),
                            new AdapterWeight(gateway.adapter("poet").digest(), -1));
        }
    }

    @Test
    void mixOfTheRequestReplacesThePresets() throws InterruptedException {
        add("duo", Visibility.PROJECT, new Preset.Part("pirate", 1));

        ResolvedModel model =
                gateway.models.resolve(PLATFORM, "duo", List.of(new AdapterReference("poet", 2, "adapters[0].id")));

        assertThat(model.mix())
                .containsExactly(new AdapterWeight(gateway.adapter("poet").digest(), 2));
        assertThat(model.preset()).isPresent();
    }

    @Test
    void baseModelIsMeantBeforeAPresetBeforeAnAdapter() throws InterruptedException {
        add("base", Visibility.PROJECT, new Preset.Part("pirate", 1));
        add("poet", Visibility.PROJECT, new Preset.Part("pirate", 1));

        assertThat(gateway.models.resolve(PLATFORM, "base").mix()).isEmpty();
        assertThat(gateway.models.resolve(PLATFORM, "poet").adapterNames()).isEqualTo("pirate");
        assertThat(gateway.models.resolve(PLATFORM, id("poet")).adapterNames()).isEqualTo("poet");
    }

    @Test
    void presetOfAnotherProjectIsUnknownUnlessPublished() throws InterruptedException {
        add("mine", Visibility.PROJECT);
        assertUnknown(MALLORY, "mine");

        add("shown", Visibility.PUBLIC);
        assertThat(gateway.models.resolve(MALLORY, "shown").base().id()).isEqualTo("base");

        gateway.projects.put(new ProjectSettings(
                "proj_b",
                ProjectSettings.defaults("proj_b").models(),
                false,
                Set.of(),
                Map.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty()));
        assertUnknown(MALLORY, "shown");
    }

    @Test
    void publishedPresetOpensNoAdapterThatTheCallerMayNotUse() throws InterruptedException {
        add("shown", Visibility.PUBLIC, new Preset.Part("pirate", 1));
        assertUnknown(MALLORY, "shown");

        gateway.adapters.show(id("pirate"), Visibility.PUBLIC);
        assertThat(gateway.models.resolve(MALLORY, "shown").adapterNames()).isEqualTo("pirate");
    }

    @Test
    void nameInAPresetMeansAnAdapterOfItsProject() throws InterruptedException {
        add("shown", Visibility.PUBLIC, new Preset.Part("pirate", 1));
        AdapterInfo impostor = gateway.add("pirate", "proj_b", "mallory", Visibility.PRIVATE);
        assertUnknown(MALLORY, "shown");

        gateway.adapters.show(id("pirate"), Visibility.PUBLIC);
        assertThat(gateway.models.resolve(MALLORY, "shown").adapters())
                .extracting(AppliedAdapter::id)
                .containsExactly(id("pirate"))
                .doesNotContain(impostor.id());
    }

    private void add(String name, Visibility visibility, Preset.Part... parts) {
        presets.all.add(GatewayFixture.preset(
                name, Caller.DEFAULT_PROJECT, visibility, List.of(parts), Optional.empty(), Map.of()));
    }

    private String id(String adapter) {
        return gateway.adapter(adapter).id();
    }

    private void assertUnknown(Caller caller, String name) {
        FactoryException refusal =
                catchThrowableOfType(FactoryException.class, () -> gateway.models.resolve(caller, name));

        assertThat(refusal).isNotNull().hasMessage(UnknownModel.of(name).getMessage());
        assertThat(refusal.parameter()).isEqualTo(UnknownModel.of(name).parameter());
    }

    /** Gives every preset to everyone, so that the gateway's own rules show. */
    private static final class EveryonesPresets implements Presets {
        private final List<Preset> all = new ArrayList<>();

        @Override
        public Optional<Preset> find(Caller caller, String reference) {
            return all.stream()
                    .filter(preset -> List.of(preset.name(), preset.id(), preset.name() + "@1", preset.id() + "@1")
                            .contains(reference))
                    .findFirst();
        }

        @Override
        public List<Preset> list(Caller caller) {
            return List.copyOf(all);
        }

        @Override
        public Preset create(Caller caller, String name, String base, List<Preset.Part> mix) {
            throw new UnsupportedOperationException();
        }
    }
}
