package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.model.UnknownModel;

final class ModelsResourceTest {
    private static final SecurityContext USER = GatewayFixture.member("user-1", "proj_default");

    private final GatewayFixture gateway = GatewayFixture.saying("");
    private final ModelsResource models = new ModelsResource(gateway.directory, gateway.governance);

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void basesComeFirstAndThenAdaptersByName() {
        assertThat(models.list(GatewayFixture.CALLER).data())
                .extracting(ModelObject::id)
                .startsWith("base", "other")
                .containsExactlyInAnyOrder("base", "other", "pirate", "poet", "foreign");
    }

    @Test
    void adapterSaysWhatItIsMadeFor() {
        ModelObject pirate = models.get("pirate", GatewayFixture.CALLER);

        assertThat(pirate.parent()).isEqualTo("base");
        assertThat(pirate.maxModelLength()).isEqualTo(4096);
        assertThat(pirate.adapter().id()).isEqualTo(gateway.adapter("pirate").id());
    }

    @Test
    void modelIsShownUnderTheNameItWasAskedBy() {
        String id = gateway.adapter("pirate").id();

        assertThat(models.get(id, GatewayFixture.CALLER).id()).isEqualTo(id);
        assertThat(models.get("base:pirate", GatewayFixture.CALLER).id()).isEqualTo("base:pirate");
    }

    @Test
    void adapterWithoutItsBaseIsNotListed() {
        gateway.directory.removeModel(GatewayFixture.OTHER);

        assertThat(models.list(GatewayFixture.CALLER).data())
                .extracting(ModelObject::id)
                .doesNotContain("foreign");
        assertThatThrownBy(() -> models.get("foreign", GatewayFixture.CALLER))
                .extracting("code")
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void basesAreListedWithoutARegistry() {
        gateway.directory.unsetRegistry(gateway.adapters);

        assertThat(models.list(GatewayFixture.CALLER).data())
                .extracting(ModelObject::id)
                .containsExactly("base", "other");
    }

    @Test
    void entriesTellWhatTheyAre() {
        ModelObject base = models.get("base", GatewayFixture.CALLER);
        ModelObject other = models.get("other", GatewayFixture.CALLER);
        ModelObject pirate = models.get("pirate", GatewayFixture.CALLER);

        assertThat(base.kind()).isEqualTo("base");
        assertThat(base.baseModel()).isEqualTo("base");
        assertThat(base.health()).isEqualTo("ready");
        assertThat(other.health()).isEqualTo("unavailable");
        assertThat(pirate.kind()).isEqualTo("adapter");
        assertThat(pirate.baseModel()).isEqualTo("base");
        assertThat(pirate.owner()).isEqualTo("admin");
        assertThat(pirate.ownedBy()).isEqualTo("proj_default");
    }

    @Test
    void presetIsListedWhereItCanAnswer() {
        gateway.presets.add(preset("duo", "pirate"));
        gateway.presets.add(preset("broken", "nobody"));

        assertThat(models.list(GatewayFixture.CALLER).data())
                .extracting(ModelObject::id)
                .contains("duo")
                .doesNotContain("broken", "preset_broken");
        ModelObject duo = models.get("duo@1", GatewayFixture.CALLER);
        assertThat(duo.kind()).isEqualTo("preset");
        assertThat(duo.preset().id()).isEqualTo("preset_duo");
        assertThat(duo.preset().version()).isEqualTo(1);
        assertThatThrownBy(() -> models.get("broken", GatewayFixture.CALLER))
                .extracting("code")
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void onlyWhatTheCallerMayUseIsListed() {
        gateway.projects.put(ProjectSettings.defaults("proj_b"));
        gateway.add("secret", "proj_b", "somebody", Visibility.PRIVATE);
        gateway.add("mine", "proj_b", "mallory", Visibility.PRIVATE);
        gateway.add("shared", "proj_b", "somebody", Visibility.PROJECT);
        gateway.add("shown", "proj_default", "admin", Visibility.PUBLIC);
        SecurityContext mallory = GatewayFixture.member("mallory", "proj_b");

        assertThat(models.list(mallory).data())
                .extracting(ModelObject::id)
                .containsExactlyInAnyOrder("base", "other", "mine", "shared", "shown");
        for (String hidden :
                List.of("secret", "pirate", gateway.adapter("pirate").digest())) {
            assertThatThrownBy(() -> models.get(hidden, mallory))
                    .hasMessage(UnknownModel.of(hidden).getMessage());
        }
        // Who made what another project has published is its own business.
        assertThat(models.get("shown", mallory).owner()).isNull();
        assertThat(models.get("shown", mallory).ownedBy()).isEqualTo("llm-factory");
    }

    @Test
    void adapterWhoseNameMeansAnotherIsListedUnderItsId() {
        gateway.projects.put(ProjectSettings.defaults("proj_b"));
        AdapterInfo published = gateway.add("pirate", "proj_b", "mallory", Visibility.PUBLIC);

        assertThat(models.list(GatewayFixture.CALLER).data())
                .extracting(ModelObject::id)
                .contains("pirate", published.id());
        assertThat(models.get("pirate", GatewayFixture.CALLER).adapter().id())
                .isEqualTo(gateway.adapter("pirate").id());
    }

    @Test
    void deletionIsEnteredBeforeItHappens() {
        String id = gateway.adapter("pirate").id();
        gateway.governance.unsetLedger(gateway.ledger);
        assertThatThrownBy(() -> models.delete("pirate", GatewayFixture.CALLER))
                .extracting("code")
                .isEqualTo(ErrorCode.OVERLOADED);
        assertThat(gateway.adapters.find("pirate")).isNotEmpty();

        gateway.governance.setLedger(gateway.ledger);
        models.delete("pirate", GatewayFixture.CALLER);

        assertThat(gateway.ledger.types()).containsExactly("adapter.deleted");
        assertThat(gateway.ledger.events().get(0).resource()).contains(id);
        assertThat(gateway.ledger.events().get(0).actor().address()).isEqualTo("192.0.2.7");
    }

    @Test
    void ownerCanDeleteHisAdapterAndAnOutsiderHearsNothingOfIt() {
        gateway.projects.put(ProjectSettings.defaults("proj_b"));
        AdapterInfo own = gateway.add("own", "proj_default", "user-1", Visibility.PROJECT);
        SecurityContext mallory = GatewayFixture.member("mallory", "proj_b");

        for (String name : List.of("own", own.id(), own.digest())) {
            assertThatThrownBy(() -> models.delete(name, mallory))
                    .hasMessage(UnknownModel.of(name).getMessage());
        }
        assertThat(models.delete("own", USER).deleted()).isTrue();
    }

    @Test
    void organizationsOwnerCanDeleteAnAdapterOfAnyProjectByItsId() {
        AdapterInfo shared = gateway.add("shared", "proj_b", "somebody", Visibility.PROJECT);

        assertThatThrownBy(() -> models.delete("shared", GatewayFixture.CALLER))
                .extracting("code")
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        assertThat(models.delete(shared.id(), GatewayFixture.CALLER).deleted()).isTrue();
    }

    @Test
    void presetIsNotDeletedHere() {
        gateway.presets.add(preset("duo", "pirate"));

        assertThatThrownBy(() -> models.delete("duo", GatewayFixture.CALLER)).hasMessageContaining("is a preset");
    }

    private static Preset preset(String name, String adapter) {
        return GatewayFixture.preset(
                name,
                "proj_default",
                Visibility.PROJECT,
                List.of(new Preset.Part(adapter, 1)),
                Optional.empty(),
                Map.of());
    }

    @Test
    void administratorCanDeleteAnAdapter() {
        assertThat(models.delete("pirate", GatewayFixture.CALLER).deleted()).isTrue();

        assertThat(gateway.adapters.find("pirate")).isEmpty();
    }

    @Test
    void nobodyElseCan() {
        assertThatThrownBy(() -> models.delete("pirate", USER))
                .extracting("code")
                .isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(gateway.adapters.find("pirate")).isNotEmpty();
    }

    @Test
    void baseModelIsNotDeleted() {
        assertThatThrownBy(() -> models.delete("base", GatewayFixture.CALLER)).hasMessageContaining("base model");
    }

    @Test
    void unknownModelCannotBeDeleted() {
        assertThatThrownBy(() -> models.delete("nobody", GatewayFixture.CALLER))
                .extracting("code")
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }
}
