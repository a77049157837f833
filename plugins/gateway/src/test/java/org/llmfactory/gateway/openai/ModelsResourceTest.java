package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.gateway.GatewayFixture;

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
