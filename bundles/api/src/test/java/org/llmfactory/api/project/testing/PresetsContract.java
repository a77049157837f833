package org.llmfactory.api.project.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

/** What every {@link Presets} must do. A provider's test extends it, and says how presets get into it. */
public abstract class PresetsContract {
    /** A member of the default project. */
    protected static final Caller ADA = InMemoryAuthenticator.user("user-ada", "proj_default", ProjectRole.MEMBER);

    /** Another member of the default project. */
    protected static final Caller BOB = InMemoryAuthenticator.user("user-bob", "proj_default", ProjectRole.MEMBER);

    /** A member of another project. */
    protected static final Caller EVE = InMemoryAuthenticator.user("user-eve", "proj_other", ProjectRole.MEMBER);

    /** Without presets, with the default project and {@code proj_other}; the same ones during one test. */
    protected abstract Presets presets();

    /** Adds a version of a preset, the first or the next. */
    protected abstract void add(Preset preset);

    @Test
    protected void aPresetIsFoundByIdAndByName() {
        Preset preset = preset("preset_1", Visibility.PROJECT, "triage", 1);
        add(preset);

        assertThat(presets().find(ADA, "preset_1")).contains(preset);
        assertThat(presets().find(BOB, "triage")).contains(preset);
        assertThat(presets().find(BOB, "triage@1")).contains(preset);
        assertThat(presets().list(BOB)).containsExactly(preset);
    }

    @Test
    protected void aMixtureIsSavedJustAsItIs() {
        List<Preset.Part> mix = List.of(new Preset.Part("a", 0.1234567f), new Preset.Part("b", -1.5e-7f));

        Preset made = presets().create(ADA, "melt", "base", mix);

        assertThat(presets().find(BOB, "melt")).contains(made);
        assertThat(presets().find(BOB, made.id()).orElseThrow().adapters()).isEqualTo(mix);
        assertThat(made.owner()).isEqualTo(ADA.id());
        assertThat(made.visibility()).isEqualTo(Visibility.PROJECT);
        assertThat(presets().find(EVE, "melt")).isEmpty();
    }

    @Test
    protected void aNameIsGivenOnceAndByMembersOnly() {
        presets().create(ADA, "melt", "base", List.of());
        Caller viewer = InMemoryAuthenticator.user("user-vic", "proj_default", ProjectRole.VIEWER);

        assertThatThrownBy(() -> presets().create(BOB, "melt", "base", List.of()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThatThrownBy(() -> presets().create(viewer, "other", "base", List.of()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(presets().list(ADA)).hasSize(1);
    }

    @Test
    protected void theNewestVersionIsMeantUnlessOneIsNamed() {
        Preset first = preset("preset_1", Visibility.PROJECT, "triage", 1);
        Preset second = preset("preset_1", Visibility.PROJECT, "triage", 2);
        add(first);
        add(second);

        assertThat(presets().find(ADA, "triage")).contains(second);
        assertThat(presets().find(ADA, "triage@1")).contains(first);
        assertThat(presets().find(ADA, "preset_1@2")).contains(second);
        assertThat(presets().find(ADA, "triage@3")).isEmpty();
        assertThat(presets().find(ADA, "triage@")).isEmpty();
        assertThat(presets().list(ADA)).containsExactly(second);
    }

    @Test
    protected void anotherProjectsPresetIsUnknown() {
        add(preset("preset_1", Visibility.PROJECT, "triage", 1));

        assertThat(presets().find(EVE, "preset_1")).isEmpty();
        assertThat(presets().find(EVE, "triage")).isEmpty();
        assertThat(presets().find(EVE, "triage@1")).isEmpty();
        assertThat(presets().list(EVE)).isEmpty();
    }

    @Test
    protected void aPrivatePresetIsItsOwnersAlone() {
        Preset preset = preset("preset_1", Visibility.PRIVATE, "triage", 1);
        add(preset);
        Caller owner = new Caller(
                Caller.Kind.USER,
                "user-eve",
                "proj_other",
                OrganizationRole.OWNER,
                Map.of("proj_other", ProjectRole.OWNER),
                Optional.empty(),
                ADA.scope());

        assertThat(presets().find(ADA, "triage")).contains(preset);
        assertThat(presets().find(BOB, "triage")).isEmpty();
        assertThat(presets().find(owner, "preset_1")).isEmpty();
        assertThat(presets().list(BOB)).isEmpty();
    }

    @Test
    protected void aPublishedPresetIsEverybodys() {
        Preset preset = preset("preset_1", Visibility.PUBLIC, "triage", 1);
        add(preset);

        assertThat(presets().find(EVE, "triage")).contains(preset);
        assertThat(presets().list(EVE)).containsExactly(preset);
    }

    @Test
    protected void theProjectsOwnIsMeantBeforeAPublishedOne() {
        add(preset("preset_1", Visibility.PUBLIC, "triage", 1));
        Preset own = new Preset(
                "preset_2",
                "proj_other",
                "user-other",
                Visibility.PROJECT,
                "triage",
                1,
                "tiny",
                List.of(),
                Optional.empty(),
                Map.of(),
                Instant.ofEpochMilli(5000));
        add(own);

        assertThat(presets().find(EVE, "triage")).contains(own);
        assertThat(presets().find(ADA, "triage")).map(Preset::id).contains("preset_1");
        assertThat(presets().list(EVE)).hasSize(2);
    }

    /** A version that Ada made in the default project. */
    protected static Preset preset(String id, Visibility visibility, String name, int version) {
        return new Preset(
                id,
                "proj_default",
                "user-ada",
                visibility,
                name,
                version,
                "tiny",
                List.of(new Preset.Part("adapter-1", -0.5f)),
                Optional.of("Be brief; don't \"quote\". é中😀"),
                Map.of("temperature", 0.5, "max_tokens", 12, "stop", List.of("a", "b")),
                Instant.ofEpochMilli(1000L + version));
    }
}
